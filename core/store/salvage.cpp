// SPDX-License-Identifier: GPL-3.0-or-later
#include "store/salvage.h"

#include "store/salvagetarget.h"
#include "store/sourcefinder.h"

#include <QDir>
#include <QFileInfo>
#include <QMultiHash>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace satchel::store {

namespace {

constexpr int batchSize = 300; ///< messages in one commit

/// The tables that a row could be of by its looks.
bool isMessage(const RawShape &s)
{
    if (s.columns() != 9 || !s.isNull(0) || !s.isText(7) || !s.isText(8))
        return false;
    return std::ranges::all_of(QList<qsizetype>{1, 2, 3, 4, 5, 6}, [&s](qsizetype i) { return s.isInteger(i); });
}

bool isAccount(const RawShape &s)
{
    constexpr qsizetype first = 17; ///< columns of schema 1
    return s.columns() >= first && s.isNull(0) && s.isText(1) && s.isText(2) && s.isText(3) && s.isText(4)
        && s.isInteger(5) && s.isText(7) && s.isBlob(15);
}

bool isFolder(const RawShape &s)
{
    return s.columns() == 7 && s.isNull(0) && s.isInteger(1) && (s.isNull(2) || s.isInteger(2)) && s.isInteger(3)
        && s.isText(4) && s.isInteger(5) && s.isInteger(6);
}

bool isLedgerRow(const RawShape &s)
{
    return s.columns() >= 14 && s.isInteger(0) && s.isBlob(1) && s.isInteger(2) && s.isInteger(3) && s.isInteger(4)
        && (s.isBlob(5, 0) || s.isBlob(5, 32)) && (s.isNull(6) || s.isInteger(6)) && s.isInteger(8);
}

bool isHashIndex(const RawShape &s)
{
    return s.columns() == 2 && s.isBlob(0, 32) && s.isInteger(1);
}

/// One repair, from the first page to the last row.
class Salvage
{
public:
    Salvage(const MakeReady &makeReady, const CareProgress &progress)
        : m_cells(m_file)
        , m_finder(m_file)
        , m_makeReady(makeReady)
        , m_progress(progress)
    {
    }

    Expected<SalvageReport> run(const QString &damaged, const QString &fresh);

private:
    struct PlainRow {
        QString table;
        qint64 rowid = 0;
        QList<RawValue> values;
    };

    bool goesOn(int from, int to, qint64 done, qint64 total);
    void readSchema();
    QString tableOf(quint32 page);
    Expected<void> survey();
    void surveyPage(quint32 number);
    void surveyCell(const RawCell &cell, bool isTable, const QString &table);
    Expected<void> takePlainRows();
    Expected<void> takeMessages();
    Expected<void> take(const FoundSource &source);
    Expected<void> takeLedger();

    PageFile m_file;
    PageCells m_cells;
    SourceFinder m_finder;
    const MakeReady &m_makeReady;
    const CareProgress &m_progress;
    std::unique_ptr<SalvageTarget> m_target;
    SalvageReport m_report;

    QHash<quint32, QString> m_roots;
    QHash<quint32, QString> m_tables; ///< by parent page
    QStringList m_plainTables;
    QList<PlainRow> m_plainRows;
    QMultiHash<qint64, SalvagedPlace> m_places; ///< by source
    QHash<QString, qint64> m_sequences;
    QList<quint32> m_sourcePages;
    QList<quint32> m_brokenPages;
    QList<quint32> m_ledgerPages;
    QSet<quint32> m_freePages; ///< of which only what others refer to is taken
    QSet<qint64> m_foundSources;
    QList<FoundSource> m_unproven;
    int m_inBatch = 0;
};

Error cancelled()
{
    return {
        ErrorKind::Cancelled, StoreText::tr("The repair was stopped; nothing was changed."), ErrorAction::None, {}, {}};
}

bool Salvage::goesOn(int from, int to, qint64 done, qint64 total)
{
    return !m_progress || m_progress(from + int((to - from) * done / qMax<qint64>(total, 1)));
}

void Salvage::readSchema()
{
    QList<quint32> pages{1};
    for (quint32 number = 2; number <= qMin(m_file.count(), 64U); ++number) {
        if (const auto known = m_file.pointer(number); known.use == PageFile::Use::Tree && known.parent == 1)
            pages.append(number);
    }
    for (const quint32 number : std::as_const(pages)) {
        const auto cells = m_cells.read(number);
        for (const RawCell &cell : cells ? cells->cells : QList<RawCell>()) {
            const QByteArray payload =
                m_cells.whole(cell, [](const QByteArray &bytes) { return PageCells::values(bytes).has_value(); });
            const auto row = PageCells::values(payload);
            if (row && row->size() == 5 && row->at(3).integer > 1)
                m_roots.insert(quint32(row->at(3).integer),
                    QString::fromUtf8(row->at(0).bytes == "table" ? row->at(2).bytes : row->at(1).bytes));
        }
    }
}

QString Salvage::tableOf(quint32 page)
{
    // Up to the root, by what the pointer map says of each parent.
    QList<quint32> way;
    QString name;
    for (quint32 at = page; way.size() < 20; at = m_file.pointer(at).parent) {
        if (const auto known = m_tables.constFind(at); known != m_tables.cend()) {
            name = *known;
            break;
        }
        if (const auto root = m_roots.constFind(at); root != m_roots.cend()) {
            name = *root;
            break;
        }
        way.append(at);
        if (m_file.pointer(at).use != PageFile::Use::Tree)
            break;
    }
    for (const quint32 passed : std::as_const(way)) {
        if (passed != page)
            m_tables.insert(passed, name);
    }
    return name;
}

void Salvage::surveyCell(const RawCell &cell, bool isTable, const QString &table)
{
    // The looks of the rows that matter most are their own; the way to their root may be broken.
    const auto values = [this, &cell] {
        QByteArray payload =
            m_cells.whole(cell, [](const QByteArray &bytes) { return PageCells::values(bytes).has_value(); });
        return PageCells::values(payload).value_or(QList<RawValue>());
    };
    if (isTable && SourceFinder::isSource(cell)) {
        if (m_sourcePages.isEmpty() || m_sourcePages.constLast() != cell.page)
            m_sourcePages.append(cell.page);
    } else if (isTable && isMessage(cell.shape)) {
        const QList<RawValue> row = values();
        if (row.size() == 9 && cell.rowid > 0)
            m_places.insert(row.at(2).integer,
                {MessageId{cell.rowid}, FolderId{row.at(1).integer}, row.at(3).integer, row.at(4).integer,
                    row.at(5).integer});
    } else if (!isTable && isLedgerRow(cell.shape)) {
        if (m_ledgerPages.isEmpty() || m_ledgerPages.constLast() != cell.page)
            m_ledgerPages.append(cell.page);
    } else if (!isTable && isHashIndex(cell.shape)) {
        m_finder.noteIndexPage(cell.page);
    } else if (isTable && (table == "sqlite_sequence"_L1 || table.isEmpty()) && cell.shape.columns() == 2
        && cell.shape.isText(0) && cell.shape.isInteger(1)) {
        if (const QList<RawValue> row = values(); row.size() == 2)
            m_sequences.insert(QString::fromUtf8(row.at(0).bytes), row.at(1).integer);
    } else if (isTable && isAccount(cell.shape)) {
        m_plainRows.append({u"accounts"_s, cell.rowid, values()});
    } else if (isTable && isFolder(cell.shape)) {
        m_plainRows.append({u"folders"_s, cell.rowid, values()});
    } else if (m_plainTables.contains(table)) {
        m_plainRows.append({table, isTable ? cell.rowid : 0, values()});
    }
}

void Salvage::surveyPage(quint32 number)
{
    if (m_file.isPointerMap(number))
        return;
    const PageFile::Pointer known = m_file.pointer(number);
    const QByteArray page = m_file.page(number);
    if (page.isEmpty() || page.count('\0') == page.size())
        return;
    const bool overflow = known.use == PageFile::Use::FirstOverflow || known.use == PageFile::Use::Overflow;
    // The first byte of an overflow page is 0 in any file of less than 16 million pages.
    if (overflow && page.at(0) == 0)
        return;
    if (known.use == PageFile::Use::Free) {
        if (m_file.isInFreeList(number))
            return;
        m_freePages.insert(number);
    }
    const auto cells = m_cells.read(number);
    if (cells && !cells->isTable && cells->cells.isEmpty() && cells->clean == false && quint8(page.at(0)) == 0x05)
        return; // only the way to other pages
    if (!cells || !cells->clean)
        m_brokenPages.append(number);
    if (!cells)
        return;
    const QString table = tableOf(number);
    for (const RawCell &cell : cells->cells)
        surveyCell(cell, cells->isTable, table);
}

Expected<void> Salvage::survey()
{
    for (quint32 number = 2; number <= m_file.count(); ++number) {
        if (number % 256 == 0 && !goesOn(0, 20, number, m_file.count()))
            return std::unexpected(cancelled());
        surveyPage(number);
    }
    return {};
}

Expected<void> Salvage::takePlainRows()
{
    // Accounts before the folders, and those before what refers to them.
    for (const QString &first : {u"accounts"_s, u"folders"_s}) {
        for (const PlainRow &row : std::as_const(m_plainRows)) {
            if (row.table == first)
                m_target->takeRow(row.table, row.rowid, row.values);
        }
    }
    if (auto done = m_target->completeAccounts(); !done)
        return done;
    for (const PlainRow &row : std::as_const(m_plainRows)) {
        if (row.table != "accounts"_L1 && row.table != "folders"_L1)
            m_target->takeRow(row.table, row.rowid, row.values);
    }
    m_plainRows.clear();
    return {};
}

Expected<void> Salvage::take(const FoundSource &source)
{
    const auto held = m_target->holds(source.sha256);
    if (!held)
        return std::unexpected(held.error());
    if (*held) {
        m_foundSources.insert(source.id);
        return {};
    }
    const PreparedMessage message = m_makeReady(source.bytes);
    if (message.compressed.isEmpty())
        return fail(ErrorKind::StoreFailed,
            StoreText::tr("A message could not be made ready to be stored; there may be too little memory."));
    QList<SalvagedPlace> places = source.id > 0 ? m_places.values(source.id) : QList<SalvagedPlace>();
    if (places.isEmpty())
        places.append(SalvagedPlace{});
    for (SalvagedPlace &place : places) {
        const bool homeless = !m_target->knowsFolder(place.folder);
        if (homeless || !source.proven) {
            const auto refuge = m_target->refuge({}, !source.proven);
            if (!refuge)
                return std::unexpected(refuge.error());
            place.folder = *refuge;
        }
        m_report.messages += source.proven ? 1 : 0;
        m_report.homeless += source.proven && homeless ? 1 : 0;
        m_report.damaged += source.proven ? 0 : 1;
    }
    m_foundSources.insert(source.id);
    if (auto added = m_target->addMessage(source.id, message, places); !added)
        return added;
    if (++m_inBatch < batchSize)
        return {};
    m_inBatch = 0;
    if (auto committed = m_target->commit(); !committed)
        return committed;
    return m_target->begin();
}

Expected<void> Salvage::takeMessages()
{
    const QSet<quint32> broken(m_brokenPages.cbegin(), m_brokenPages.cend());
    QList<quint32> pages = m_sourcePages + m_brokenPages;
    std::ranges::sort(pages);
    pages.erase(std::unique(pages.begin(), pages.end()), pages.end());
    Expected<void> outcome;
    qint64 done = 0;
    for (const quint32 page : std::as_const(pages)) {
        if (!goesOn(20, 90, ++done, pages.size()))
            return std::unexpected(cancelled());
        m_finder.findOn(page, broken.contains(page), [&](const FoundSource &source) {
            if (!outcome)
                return;
            if (m_freePages.contains(page) && !m_places.contains(source.id))
                return;
            // What is not proven waits: the same message may be found whole elsewhere.
            if (source.proven)
                outcome = take(source);
            else
                m_unproven.append(source);
        });
        if (!outcome)
            return outcome;
    }
    for (const FoundSource &source : std::as_const(m_unproven)) {
        if (source.id > 0 && m_foundSources.contains(source.id))
            continue;
        if (auto taken = take(source); !taken)
            return taken;
    }
    for (auto place = m_places.keyBegin(); place != m_places.keyEnd(); ++place)
        m_report.lost += m_foundSources.contains(*place) ? 0 : 1;
    return {};
}

Expected<void> Salvage::takeLedger()
{
    qint64 done = 0;
    for (const quint32 page : std::as_const(m_ledgerPages)) {
        if (!goesOn(90, 99, ++done, m_ledgerPages.size()))
            return std::unexpected(cancelled());
        // A page that is not in use any more may know a UIDL that the server gave to another message since.
        if (m_freePages.contains(page))
            continue;
        const auto cells = m_cells.read(page);
        for (const RawCell &cell : cells ? cells->cells : QList<RawCell>()) {
            if (!isLedgerRow(cell.shape))
                continue;
            const QByteArray payload =
                m_cells.whole(cell, [](const QByteArray &bytes) { return PageCells::values(bytes).has_value(); });
            const auto row = PageCells::values(payload);
            if (!row)
                continue;
            const auto kept = m_target->takeLedgerRow(*row);
            if (!kept)
                return std::unexpected(kept.error());
            m_report.forgotten += *kept ? 0 : 1;
        }
    }
    for (auto sequence = m_sequences.cbegin(); sequence != m_sequences.cend(); ++sequence) {
        if (auto run = m_target->takeSequence(sequence.key(), sequence.value()); !run)
            return run;
    }
    return {};
}

Expected<SalvageReport> Salvage::run(const QString &damaged, const QString &fresh)
{
    if (!m_file.open(damaged)) {
        return fail(ErrorKind::FileUnreadable,
            StoreText::tr(
                "The file that holds your mail cannot be read (%1). Check that it is there and that you may read it.")
                .arg(QDir::toNativeSeparators(damaged)));
    }
    auto target = SalvageTarget::open(fresh);
    if (!target)
        return std::unexpected(target.error());
    m_target = std::move(*target);
    m_plainTables = m_target->plainTables();
    readSchema();
    if (auto surveyed = survey(); !surveyed)
        return std::unexpected(surveyed.error());
    if (auto begun = m_target->begin(); !begun)
        return std::unexpected(begun.error());
    for (const auto step : {&Salvage::takePlainRows, &Salvage::takeMessages, &Salvage::takeLedger}) {
        if (auto taken = (this->*step)(); !taken)
            return std::unexpected(taken.error());
    }
    if (auto finished = m_target->finish(); !finished)
        return std::unexpected(finished.error());
    m_report.accounts = m_target->accountCount();
    if (auto committed = m_target->commit(); !committed)
        return std::unexpected(committed.error());
    (void)goesOn(99, 100, 1, 1);
    return m_report;
}

} // namespace

Expected<SalvageReport> salvage(
    const QString &damaged, const QString &fresh, const MakeReady &makeReady, const CareProgress &progress)
{
    return Salvage(makeReady, progress).run(damaged, fresh);
}

} // namespace satchel::store
