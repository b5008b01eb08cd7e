// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/error.h"
#include "store/parsingmark.h"
#include "store/reader.h"

#include <QFuture>
#include <QObject>
#include <QPromise>
#include <QThread>

#include <memory>
#include <optional>
#include <utility>

namespace satchel::library {

/// What lives on a reader thread: its own connection, opened when it is first needed and again after it failed.
class ReadingContext : public QObject
{
    Q_OBJECT

public:
    explicit ReadingContext(QString file);

    /// The connection; an error while the writer has not made the file yet, or when it cannot be read.
    Expected<store::Reader *> reader();
    /// Closes the connection if \a error may lie in it, so that the next question opens another; failed().
    void consider(const Error &error);
    void release() { m_reader.reset(); }
    store::ParsingMark &parsingMark();

Q_SIGNALS:
    void failed(const satchel::Error &error); ///< the store could not be read

private:
    QString m_file;
    std::unique_ptr<store::Reader> m_reader;
    std::optional<store::ParsingMark> m_parsingMark;
};

/// One thread that answers questions in turn. Lives on the GUI thread. Nothing is computed for a future that was
/// cancelled, and a search that runs stops; those still waiting when the thread ends are cancelled.
class ReaderThread
{
public:
    ReaderThread(const QString &file, const QString &name);
    ~ReaderThread();
    ReaderThread(const ReaderThread &) = delete;
    ReaderThread &operator=(const ReaderThread &) = delete;

    [[nodiscard]] const ReadingContext *context() const { return m_context; } ///< to listen to

    /// \a work(ReadingContext &, const store::Cancelled &) -> Expected<T>, on the thread.
    template <class T, class Work>
    QFuture<Expected<T>> ask(Work work)
    {
        // Shared, because QMetaObject wants functors that can be copied.
        auto promise = std::make_shared<QPromise<Expected<T>>>();
        promise->start();
        auto future = promise->future();
        ReadingContext *context = m_context;
        QMetaObject::invokeMethod(
            context,
            [context, promise = std::move(promise), work = std::move(work)] {
                const store::Cancelled cancelled = [&promise] {
                    return promise->isCanceled() || QThread::currentThread()->isInterruptionRequested();
                };
                if (!cancelled()) {
                    Expected<T> answer = work(*context, cancelled);
                    if (!answer)
                        context->consider(answer.error());
                    promise->addResult(std::move(answer));
                }
                promise->finish();
            },
            Qt::QueuedConnection);
        return future;
    }

private:
    QThread m_thread;
    ReadingContext *m_context; ///< deleted by its own thread when that ends
};

} // namespace satchel::library
