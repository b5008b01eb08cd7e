// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/dialogs/certificatedialog.h"

#include "ui/bars/notebar.h"
#include "ui/theme/pagescroller.h"

#include <QDialogButtonBox>
#include <QFontDatabase>
#include <QFormLayout>
#include <QLabel>
#include <QLocale>
#include <QPushButton>
#include <QVBoxLayout>

using namespace Qt::StringLiterals;

namespace satchel::ui {

namespace {

QLabel *value(const QString &text, const QString &accessibleName, QWidget *parent)
{
    auto *label = new QLabel(text, parent);
    label->setTextFormat(Qt::PlainText);
    label->setWordWrap(true);
    label->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
    label->setAccessibleName(accessibleName);
    return label;
}

} // namespace

QString fingerprintText(const QByteArray &sha256)
{
    const QString hex = QString::fromLatin1(sha256.toHex(':')).toUpper();
    const qsizetype half = hex.size() / 2;
    return hex.size() > 60 ? hex.first(half) + u'\n' + hex.sliced(half + 1) : hex;
}

CertificateDialog::CertificateDialog(const QString &accountName, const CertificateProblem &problem, QWidget *parent)
    : QDialog(parent)
{
    setWindowTitle(tr("Certificate of %1").arg(problem.host));
    setAttribute(Qt::WA_DeleteOnClose);
    auto *warning = new NoteBar(problem.changed ? BarKind::Problem : BarKind::Warning, this);
    warning->setText(problem.changed
            ? tr("The server of “%1” shows another certificate than the one you trusted before. Somebody may be "
                 "between you and the server. Ask your provider before you trust it.")
                  .arg(accountName)
            : tr("It is not certain that this is the server of “%1”. Whoever answers there would get your "
                 "password.")
                  .arg(accountName));
    auto *form = new QFormLayout;
    form->setRowWrapPolicy(QFormLayout::DontWrapRows);
    form->setFieldGrowthPolicy(QFormLayout::AllNonFixedFieldsGrow);
    form->setLabelAlignment(Qt::AlignTrailing | Qt::AlignTop);
    form->setVerticalSpacing(8);
    const auto row = [&](const QString &label, const QString &text) {
        QLabel *shown = value(text.isEmpty() ? tr("not named") : text, label, this);
        form->addRow(label + u':', shown);
        return shown;
    };
    row(tr("Why it is not trusted"), problem.reasons.join(u'\n'));
    row(tr("Server"), problem.host);
    row(tr("Issued to"), problem.subject);
    row(tr("Issued by"), problem.issuer);
    const QLocale locale;
    row(tr("Valid"),
        tr("from %1 to %2")
            .arg(locale.toString(problem.notBefore.toLocalTime().date(), QLocale::LongFormat),
                locale.toString(problem.notAfter.toLocalTime().date(), QLocale::LongFormat)));
    QLabel *print = row(tr("SHA-256 fingerprint"), fingerprintText(problem.sha256));
    QFont fixed = QFontDatabase::systemFont(QFontDatabase::FixedFont);
    fixed.setPointSizeF(font().pointSizeF() - 0.5);
    print->setFont(fixed);
    print->setWordWrap(false);

    auto *consequence = value(tr("If you trust it, this account connects only while the server shows exactly this "
                                 "certificate. Compare the fingerprint with the one your provider gives you."),
        tr("What trusting means"), this);
    auto *buttons = new QDialogButtonBox(this);
    m_trust = buttons->addButton(tr("&Trust this certificate"), QDialogButtonBox::AcceptRole);
    m_refuse = buttons->addButton(tr("&Don't trust"), QDialogButtonBox::RejectRole);
    m_trust->setAutoDefault(false);
    m_refuse->setDefault(true);
    auto *column = new QVBoxLayout(this);
    column->setSpacing(12);
    column->addWidget(warning);
    column->addLayout(form);
    column->addWidget(consequence);
    column->addWidget(buttons);
    connect(buttons, &QDialogButtonBox::accepted, this, [this, sha256 = problem.sha256] {
        Q_EMIT trusted(sha256);
        accept();
    });
    connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
    m_refuse->setFocus();
    setMinimumWidth(560);
    keepWordsWhole(this);
}

} // namespace satchel::ui
