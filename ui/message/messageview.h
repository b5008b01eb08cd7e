// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/account.h"
#include "base/error.h"
#include "mime/message.h"
#include "ui/message/messagesource.h"

#include <QFuture>
#include <QSet>
#include <QTimer>
#include <QUrl>
#include <QWidget>

class QSettings;
class QStackedLayout;
class QVBoxLayout;

namespace satchel::ui {

class AttachmentBar;
class Attachments;
class BodyView;
class EmptyState;
class FindBar;
class HeaderBlock;
class MessageSaver;
class NoteBar;
class PartBar;
class SystemOpener;
struct Preferences;

/// Shows one message: header, what must be said before it is trusted, body, attachments. Opens no connection (law 7):
/// what it shows comes from the Library, and links are only handed out.
class MessageView : public QWidget
{
    Q_OBJECT

public:
    explicit MessageView(QSettings &settings, QWidget *parent = nullptr);
    ~MessageView() override;

    void showMessage(const MessageSource &source);
    /// What the list knows of the message that is shown: whether only its beginning is here. It is shown again when it
    /// has become whole.
    void setSummary(const MessageSummary &summary);
    void setAccounts(const QList<AccountSettings> &accounts);
    void showNothing();
    void showSeveral(qsizetype count, const QList<QAction *> &actions);
    [[nodiscard]] bool showsMessage() const;
    [[nodiscard]] bool isLoading() const { return m_loading || m_picturesWanted > 0; }
    [[nodiscard]] const MessageSource &source() const { return m_source; }
    [[nodiscard]] const mime::Message &message() const { return m_message; }
    [[nodiscard]] BodyView *body() const { return m_body; }
    [[nodiscard]] HeaderBlock *header() const { return m_header; }
    [[nodiscard]] AttachmentBar *attachmentBar() const { return m_attachmentBar; }
    [[nodiscard]] Attachments *attachments() const { return m_attachments; }
    [[nodiscard]] MessageSaver *saver() const { return m_saver; }
    [[nodiscard]] SystemOpener *opener() const { return m_opener; }
    [[nodiscard]] EmptyState *emptyState() const { return m_empty; }
    [[nodiscard]] QList<NoteBar *> notes() const { return m_notes; }
    [[nodiscard]] PartBar *partBar() const { return m_partBar; }
    [[nodiscard]] NoteBar *linkBar() const { return m_linkBar; }

    [[nodiscard]] bool prefersPlainText() const { return m_plain; }
    [[nodiscard]] bool isMonospaced() const { return m_monospaced; }
    [[nodiscard]] bool isDarkHtml() const { return m_darkHtml; }
    /// What concerns the reading of messages, at once.
    void setPreferences(const Preferences &preferences);
    void setPrefersPlainText(bool plain);
    /// How the letters of the message's sender are encoded where a message does not know it; empty: what seems right.
    void setCharset(const QByteArray &charset);
    [[nodiscard]] const QByteArray &charset() const { return m_charset; }
    void setMonospaced(bool monospaced);
    void setDarkHtml(bool dark);
    void zoom(int steps); ///< 0: as it was
    void find();
    void findNext();
    void viewSource();
    void viewHeaders();
    void save(); ///< as a file
    void print();
    bool scrollPage(bool backwards);

Q_SIGNALS:
    void openWished(const QUrl &url); ///< a link, or a file of an attachment: for opener()
    void linkHovered(const QString &target);
    void shown(satchel::MessageId message); ///< its text is on the screen
    void settled(); ///< nothing is loading any more
    void readLongEnough(satchel::MessageId message);
    void wholeWished(satchel::MessageId message); ///< of which only the beginning is here
    void restRefused(satchel::MessageId message, bool deleteOnServer);
    void notice(const QString &sentence); ///< something went well
    void failed(const satchel::Error &error);

private:
    void ask(const QByteArray &charset);
    void took(const Expected<mime::Message> &answer);
    [[nodiscard]] QByteArray keptCharset(const mime::Message &message) const;
    void renderBody();
    void showAttachments();
    void listPictures();
    void showNotes();
    void showOwnAddresses();
    void addNote(int kind, const QString &text, QLatin1StringView iconName = {});
    void followLink(const QString &target, const QString &text);
    void sayThatNothingOpens(const QUrl &url);
    void fetchPicture(int part);
    void noteMissingPictures();
    QSettings &m_settings;
    MessageSource m_source;
    mime::Message m_message;
    QList<AccountSettings> m_accounts;
    AccountId m_account; ///< of the message that is shown, when the list knows it
    QFuture<Expected<mime::Message>> m_question;
    quint64 m_generation = 0;
    QByteArray m_charset; ///< that the person chose for the sender
    bool m_askedByKept = false; ///< once is enough for one showing
    QSet<int> m_undrawn; ///< pictures of the text that cannot be decoded
    bool m_anyDrawn = false; ///< a picture of the text
    bool m_saidUndrawn = false;
    bool m_loading = false;
    bool m_part = false; ///< only the beginning is here
    int m_picturesWanted = 0;
    QList<int> m_picturesWaiting; ///< until others have come
    bool m_plain = false;
    bool m_monospaced = false;
    bool m_darkHtml = false;
    bool m_marksRead = true;
    bool m_asksBeforeLinks = false;

    QStackedLayout *m_stack;
    EmptyState *m_empty;
    QWidget *m_page;
    HeaderBlock *m_header;
    PartBar *m_partBar;
    QVBoxLayout *m_noteColumn;
    QList<NoteBar *> m_notes;
    NoteBar *m_linkBar;
    BodyView *m_body;
    AttachmentBar *m_attachmentBar;
    FindBar *m_findBar;
    Attachments *m_attachments;
    MessageSaver *m_saver;
    SystemOpener *m_opener;
    QTimer m_readTimer;
};

} // namespace satchel::ui
