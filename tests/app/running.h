// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/application.h"
#include "ui/bars/messagebar.h"
#include "ui/folders/folderpane.h"
#include "ui/list/messagelistview.h"

#include <QEventLoop>
#include <QString>

#include <algorithm>
#include <memory>

namespace satchel::test {

/// The program on a profile, from its start to its end, which is waited for.
class Running
{
public:
    explicit Running(const QString &folder, const Ways &ways = {}, const CommandLine &line = {})
        : m_application(std::make_unique<Application>(*Profile::open(folder), line, ways))
    {
        m_application->start();
    }
    ~Running()
    {
        // Not by a spy, which waits for nothing once a test has failed.
        QEventLoop loop;
        QObject::connect(m_application.get(), &Application::finished, &loop, &QEventLoop::quit);
        window().close();
        loop.exec();
    }
    Q_DISABLE_COPY_MOVE(Running)

    [[nodiscard]] Application &application() { return *m_application; }
    [[nodiscard]] ui::MainWindow &window() { return m_application->window(); }
    [[nodiscard]] QString complaint() { return window().findChild<ui::MessageBar *>()->text(); }
    [[nodiscard]] ui::FolderPane *folders() { return window().findChild<ui::FolderPane *>(); }
    [[nodiscard]] ui::MessageListView *list() { return window().findChild<ui::MessageListView *>(); }
    [[nodiscard]] int shown() { return list()->model()->rowCount(); }
    [[nodiscard]] FolderInfo folder(AccountId account, FolderRole role)
    {
        const QList<FolderInfo> all = folders()->folders()->folders();
        const auto found = std::ranges::find_if(
            all, [&](const FolderInfo &one) { return one.account == account && one.role == role; });
        return found == all.end() ? FolderInfo() : *found;
    }

private:
    std::unique_ptr<Application> m_application;
};

} // namespace satchel::test
