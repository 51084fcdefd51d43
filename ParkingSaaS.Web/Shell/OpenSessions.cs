using ParkingSaaS.Core.Accounts;

namespace ParkingSaaS.Web.Shell;

/// <summary>What is open on this node under each session: requests, pages, work in the background. When the session ends, so does all of
/// it.</summary>
public sealed class OpenSessions(ILogger<OpenSessions> log)
{
    /// <summary>How long a page may take to say that it is signed out, before its connection is cut.</summary>
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    readonly Lock gate = new();
    readonly Dictionary<SessionKey, List<Entry>> open = [];

    /// <summary>The sessions under which something is open.</summary>
    public IReadOnlyList<SessionKey> Keys
    {
        get
        {
            lock (gate)
                return [.. open.Keys];
        }
    }

    /// <summary>Cuts the request when the session ends. Disposing the result says that it is through.</summary>
    /// <param name="session">Under which it was sent.</param>
    /// <param name="carriesPage">It is the connection of a page, which has a word to say before.</param>
    public IDisposable AddRequest(SessionKey session, HttpContext http, bool carriesPage) => Add(session, carriesPage, _ =>
    {
        http.Abort();
        return Task.CompletedTask;
    });

    /// <summary>Ends work in the background.</summary>
    public IDisposable AddWork(SessionKey session, Action end) => Add(session, last: false, _ =>
    {
        end();
        return Task.CompletedTask;
    });

    /// <summary>Lets a page leave by itself.</summary>
    public IDisposable AddPage(SessionKey session, Func<SessionEnd, Task> leave) => Add(session, last: false, leave);

    Entry Add(SessionKey session, bool last, Func<SessionEnd, Task> end)
    {
        var entry = new Entry(this, session, last, end);
        lock (gate)
        {
            if (!open.TryGetValue(session, out var entries))
                open[session] = entries = [];
            entries.Add(entry);
        }
        return entry;
    }

    /// <summary>The session has ended: ends what is open under it.</summary>
    /// <returns>Done when all of it is over.</returns>
    public async Task EndAsync(SessionKey session, SessionEnd reason)
    {
        Entry[] entries;
        lock (gate)
            entries = open.TryGetValue(session, out var found) ? [.. found] : [];
        await Task.WhenAll(entries.Where(e => !e.Last).Select(e => EndAsync(e, reason)));
        await Task.WhenAll(entries.Where(e => e.Last).Select(e => EndAsync(e, reason)));
    }

    async Task EndAsync(Entry entry, SessionEnd reason)
    {
        try
        {
            await entry.EndAsync(reason).WaitAsync(Patience);
        }
        catch (Exception e)
        {
            // A page whose browser is gone says nothing any more; its connection is cut in any case.
            log.LogDebug(e, "What was open under session {Session} did not end by itself", entry.Session.Id);
        }
    }

    void Remove(Entry entry)
    {
        lock (gate)
            if (open.TryGetValue(entry.Session, out var entries) && entries.Remove(entry) && entries.Count == 0)
                open.Remove(entry.Session);
    }

    sealed class Entry(OpenSessions owner, SessionKey session, bool last, Func<SessionEnd, Task> end) : IDisposable
    {
        readonly Lock through = new();
        bool over;

        public SessionKey Session => session;
        public bool Last => last;

        /// <summary>Not once it is through: the server uses the objects of a request again for the next.</summary>
        public Task EndAsync(SessionEnd reason)
        {
            lock (through)
                return over ? Task.CompletedTask : end(reason);
        }

        public void Dispose()
        {
            owner.Remove(this);
            lock (through)
                over = true;
        }
    }
}
