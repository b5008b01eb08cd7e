// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QHash>
#include <QImage>
#include <QSet>
#include <QTextBrowser>

#include <memory>

class QAction;

namespace satchel::ui {

/// The text of a message: sanitised HTML in the simple view, or plain text. Law 7: loadResource() answers from the
/// pictures it was given and never calls the base, which would read local files; links are inert, a click is
/// only told. Text can be selected with mouse and keyboard.
class BodyView : public QTextBrowser
{
    Q_OBJECT

public:
    explicit BodyView(QWidget *parent = nullptr);

    void showHtml(const QString &html, const QString &picturePrefix);
    void showPlainText(const QString &text, bool monospaced);
    void clearMessage();
    /// A picture that pictureWanted() asked for; for a null one the words that its sender gave stand in its place.
    void setPicture(int part, const QImage &picture);
    void setZoom(qreal factor);
    /// Families; empty: the system's.
    void setFonts(const QString &text, const QString &fixed);
    [[nodiscard]] qreal zoom() const { return m_zoom; }
    /// HTML mail is drawn on a light sheet, or in dark colours of our making.
    void setDarkHtml(bool dark);
    [[nodiscard]] bool showsHtml() const { return m_isHtml; }
    bool scrollPage(bool backwards); ///< false when there was nothing left to scroll
    /// What its menu offers besides links and copying.
    void setMenuActions(const QList<QAction *> &actions) { m_menuActions = actions; }
    /// The same text and pictures for paper: light, in a usual size, and with nothing of this view in it.
    [[nodiscard]] std::unique_ptr<QTextDocument> paperCopy() const;

    QVariant loadResource(int type, const QUrl &name) override;

Q_SIGNALS:
    void pictureWanted(int part);
    void linkClicked(const QString &target, const QString &shown);
    void linkHovered(const QString &target);
    void zoomed(); ///< by the wheel

protected:
    void doSetSource(const QUrl &url, QTextDocument::ResourceType type) override;
    void contextMenuEvent(QContextMenuEvent *event) override;
    void changeEvent(QEvent *event) override;
    void resizeEvent(QResizeEvent *event) override;
    void wheelEvent(QWheelEvent *event) override;
    void keyPressEvent(QKeyEvent *event) override;

private:
    void render();
    void applySheet();
    void applyMargins();
    [[nodiscard]] int partOf(const QUrl &url) const;
    [[nodiscard]] QSet<QString> undrawn() const;
    [[nodiscard]] QString anchorText(const QString &target, const QPoint &position) const;

    QString m_content;
    QString m_prefix;
    bool m_isHtml = false;
    bool m_monospaced = false;
    bool m_darkHtml = false;
    bool m_applying = false;
    bool m_tight = false; ///< the sides were given up for a layout of a fixed width
    int m_width = 0; ///< of the viewport, when that was decided
    qreal m_zoom = 1.0;
    QString m_textFont;
    QString m_fixedFont;
    QHash<int, QImage> m_pictures;
    QSet<int> m_undrawn; ///< pictures that cannot be decoded
    QList<int> m_asked;
    QList<QAction *> m_menuActions;
};

} // namespace satchel::ui
