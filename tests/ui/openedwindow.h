// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "filledstore.h"
#include "ui/folders/folderpane.h"
#include "ui/list/messagelistpane.h"
#include "ui/list/messagelistview.h"
#include "ui/mainwindow.h"
#include "ui/message/messageview.h"

#include <QApplication>
#include <QSettings>
#include <QTest>

#include <memory>

namespace satchel::test {

/// A test of the main window: before each function there is a store with one account, which open() shows.
class OpenedWindow : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();
    void cleanup();

protected:
    [[nodiscard]] ui::MessageListPane *list() const { return m_window->findChild<ui::MessageListPane *>(); }
    [[nodiscard]] ui::MessageListView *view() const { return list()->view(); }
    [[nodiscard]] ui::MessageView *message() const { return m_window->findChild<ui::MessageView *>(); }
    [[nodiscard]] ui::FolderPane *folders() const { return m_window->findChild<ui::FolderPane *>(); }
    void open();

    std::unique_ptr<FilledStore> m_store;
    std::unique_ptr<QSettings> m_settings;
    std::unique_ptr<ui::MainWindow> m_window;
    AccountSettings m_account;
};

inline void OpenedWindow::init()
{
    m_store = std::make_unique<FilledStore>();
    m_account = m_store->addAccount(QStringLiteral("Personal"));
    m_settings =
        std::make_unique<QSettings>(m_store->dir.filePath(QStringLiteral("settings.ini")), QSettings::IniFormat);
}

inline void OpenedWindow::cleanup()
{
    m_window.reset();
    m_settings.reset();
    m_store.reset();
    QApplication::setLayoutDirection(Qt::LeftToRight);
}

inline void OpenedWindow::open()
{
    m_window = std::make_unique<ui::MainWindow>(*m_store->library, *m_settings);
    m_store->connectTo(*m_window);
    m_window->show();
    QVERIFY(QTest::qWaitForWindowActive(m_window.get()));
    QTRY_VERIFY(folders()->current().isValid());
    QTRY_VERIFY(!list()->isListing());
    if (view()->isVisible())
        view()->setFocus();
}

} // namespace satchel::test
