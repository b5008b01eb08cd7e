// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/message/textwindow.h"

#include "library/files.h"
#include "ui/bars/notebar.h"
#include "ui/theme/icons.h"
#include "ui/theme/text.h"

#include <QFileDialog>
#include <QFontDatabase>
#include <QMenuBar>
#include <QPlainTextEdit>
#include <QStringDecoder>
#include <QVBoxLayout>

using namespace Qt::StringLiterals;

namespace satchel::ui {

namespace {

constexpr qsizetype mostShown = 4 * 1024 * 1024;

QString shown(const QByteArray &bytes)
{
    const QByteArray start = bytes.first(qMin(bytes.size(), mostShown));
    QStringDecoder decoder(QStringDecoder::Utf8);
    QString text = decoder(start);
    if (decoder.hasError())
        text = QString::fromLatin1(start);
    text.replace(u"\r\n"_s, u"\n"_s);
    text.replace(QChar(u'\0'), QChar(0x2400));
    return text;
}

} // namespace

TextWindow::TextWindow(const QString &title, QWidget *parent)
    : QMainWindow(parent, Qt::Window)
    , m_text(named(new QPlainTextEdit(this), tr("Text")))
    , m_note(new NoteBar(BarKind::Note, this))
{
    setAttribute(Qt::WA_DeleteOnClose);
    setWindowTitle(title);
    setWindowIcon(applicationIcon());
    m_text->setReadOnly(true);
    m_text->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
    m_text->setFont(QFontDatabase::systemFont(QFontDatabase::FixedFont));
    m_text->setFrameShape(QFrame::NoFrame);
    m_text->setLineWrapMode(QPlainTextEdit::NoWrap);
    auto *middle = new QWidget(this);
    auto *column = new QVBoxLayout(middle);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addWidget(m_note);
    column->addWidget(m_text, 1);
    m_note->setVisible(false);
    m_note->setClosable(true);
    connect(m_note, &NoteBar::closeWished, m_note, &QWidget::hide);
    setCentralWidget(middle);

    QMenu *file = menuBar()->addMenu(tr("&File"));
    m_save = file->addAction(icon("save"_L1), tr("&Save as…"), QKeySequence::Save, this, &TextWindow::save);
    m_save->setVisible(false);
    file->addAction(icon("close"_L1), tr("&Close"), QKeySequence(Qt::Key_Escape), this, &QWidget::close);
    QMenu *edit = menuBar()->addMenu(tr("&Edit"));
    edit->addAction(icon("copy"_L1), tr("&Copy"), QKeySequence::Copy, m_text, &QPlainTextEdit::copy);
    edit->addAction(tr("Select &all"), QKeySequence::SelectAll, m_text, &QPlainTextEdit::selectAll);
    QAction *wrap = menuBar()->addMenu(tr("&View"))->addAction(tr("&Wrap long lines"));
    wrap->setCheckable(true);
    wrap->setShortcut(Qt::CTRL | Qt::SHIFT | Qt::Key_W);
    connect(wrap, &QAction::toggled, this,
        [this](bool on) { m_text->setLineWrapMode(on ? QPlainTextEdit::WidgetWidth : QPlainTextEdit::NoWrap); });
    resize(860, 640);
}

void TextWindow::showText(const QString &text)
{
    m_text->setPlainText(text);
}

void TextWindow::showSource(const QByteArray &bytes, const QString &fileName)
{
    m_bytes = bytes;
    m_fileName = fileName;
    m_save->setVisible(true);
    m_text->setPlainText(shown(bytes));
    if (bytes.size() > mostShown) {
        m_note->setText(tr("The first %1 of %2 are shown. Save the source to have all of it.")
                .arg(fileSize(mostShown), fileSize(bytes.size())));
        m_note->show();
    }
}

QString TextWindow::text() const
{
    return m_text->toPlainText();
}

void TextWindow::save()
{
    auto *dialog = new QFileDialog(this, tr("Save the source"), m_fileName);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setAcceptMode(QFileDialog::AcceptSave);
    dialog->setNameFilter(tr("Mail messages (*.eml)"));
    dialog->setDefaultSuffix(u"eml"_s);
    dialog->selectFile(m_fileName);
    connect(dialog, &QFileDialog::fileSelected, this, [this](const QString &path) {
        library::saved(path, m_bytes).then(this, [this](const Expected<QString> &saved) {
            m_note->setKind(saved ? BarKind::Note : BarKind::Problem);
            m_note->setText(saved ? tr("Saved as %1.").arg(*saved) : saved.error().text);
            m_note->show();
        });
    });
    dialog->open();
}

} // namespace satchel::ui
