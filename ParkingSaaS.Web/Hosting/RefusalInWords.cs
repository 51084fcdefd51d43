using System.IO.Pipelines;
using System.Text;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace ParkingSaaS.Web.Hosting;

/// <summary>A request that the server cannot read, such as one whose address has a NUL, it refuses before any page is asked, with an empty answer. A browser is
/// sent on from there to the page that says so; programs get the same 400.</summary>
static class RefusalInWords
{
    /// <summary>What the server's own refusal begins with.</summary>
    static ReadOnlySpan<byte> Empty => "HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\nConnection: close\r\n"u8;

    static readonly byte[] Words = Answer("""
        <!DOCTYPE html><title>400</title><meta http-equiv="refresh" content="0;url=/error/400"><a href="/error/400">400</a>
        """);

    static byte[] Answer(string page) => Encoding.ASCII.GetBytes("HTTP/1.1 400 Bad Request\r\nContent-Type: text/html\r\nConnection: close\r\n"
        + $"Cache-Control: no-store\r\nX-Content-Type-Options: nosniff\r\nContent-Length: {page.Length}\r\n\r\n{page}");

    public static void UseRefusalInWords(this ListenOptions listen) => listen.Use(next => connection =>
    {
        connection.Transport = new Transport(connection.Transport.Input, new Writer(connection.Transport.Output));
        return next(connection);
    });

    sealed record Transport(PipeReader Input, PipeWriter Output) : IDuplexPipe;

    /// <summary>Writes what it is given, but in place of the empty refusal the words. The server writes the head of an answer in one piece.</summary>
    sealed class Writer(PipeWriter inner) : PipeWriter
    {
        Memory<byte> room;

        public override Memory<byte> GetMemory(int sizeHint = 0) => room = inner.GetMemory(sizeHint);

        public override Span<byte> GetSpan(int sizeHint = 0) => GetMemory(sizeHint).Span;

        public override void Advance(int bytes)
        {
            if (bytes < Words.Length && room.Length >= Words.Length && room.Span[..bytes].StartsWith(Empty))
            {
                Words.CopyTo(room);
                bytes = Words.Length;
            }
            room = default;
            inner.Advance(bytes);
        }

        public override ValueTask<FlushResult> FlushAsync(CancellationToken cancellationToken = default) => inner.FlushAsync(cancellationToken);

        public override void CancelPendingFlush() => inner.CancelPendingFlush();

        public override bool CanGetUnflushedBytes => inner.CanGetUnflushedBytes;

        public override long UnflushedBytes => inner.UnflushedBytes;

        public override void Complete(Exception? exception = null) => inner.Complete(exception);

        public override ValueTask CompleteAsync(Exception? exception = null) => inner.CompleteAsync(exception);
    }
}
