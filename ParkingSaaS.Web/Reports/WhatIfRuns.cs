using System.Collections.Concurrent;
using ParkingSaaS.Core.Accounts;
using ParkingSaaS.Core.Common;
using ParkingSaaS.Core.Reports;
using ParkingSaaS.Core.Tenancy;
using ParkingSaaS.Web.Shell;

namespace ParkingSaaS.Web.Reports;

/// <summary>A replay of orders that somebody started: under way, or over with its result.</summary>
public sealed class WhatIfRun
{
    internal WhatIfRun(Guid tariffId, WhatIfQuestion question) => (TariffId, Question) = (tariffId, question);

    internal CancellationTokenSource Stop { get; } = new();

    /// <summary>Names it in addresses of files.</summary>
    public Guid Id { get; } = Guid.NewGuid();

    /// <summary>The tariff to which the version belongs.</summary>
    public Guid TariffId { get; }

    public WhatIfQuestion Question { get; }

    public WhatIfProgress Progress
    {
        get;
        internal set
        {
            field = value;
            Moved?.Invoke();
        }
    }

    /// <summary>It is further, or has ended; called on the thread of the run.</summary>
    public event Action? Moved;

    internal void End() => Moved?.Invoke();

    /// <summary>Done when it has ended, however it did.</summary>
    public Task Ended { get; internal set; } = Task.CompletedTask;

    public bool Running => !Ended.IsCompleted;

    /// <summary>What came of it; null while it runs, and where nothing did.</summary>
    public WhatIfResult? Result { get; internal set; }

    /// <summary>Why it was refused; null otherwise.</summary>
    public Error? Error { get; internal set; }

    /// <summary>Whether it ended by a fault, of which the log says more.</summary>
    public bool Failed { get; internal set; }

    /// <summary>Ends it without a result.</summary>
    public void Cancel() => Stop.Cancel();
}

/// <summary>Runs replays in the background: they go on when the page is closed, and the last one of each session is kept for when it is
/// opened again. It tells what the person might see when it ran, so it is not there in their next session: the rights may be others.</summary>
public sealed class WhatIfRuns(WhatIf whatIf, OpenSessions open, ILogger<WhatIfRuns> log) : IAsyncDisposable
{
    const int MaxKept = 100;

    readonly ConcurrentDictionary<SessionKey, WhatIfRun> runs = new();

    /// <summary>The session's last run; null where there is none.</summary>
    public WhatIfRun? Of(SessionKey session) => runs.GetValueOrDefault(session);

    /// <summary>Starts a run in the place of the session's last one.</summary>
    /// <param name="actor">Who asks.</param>
    /// <param name="session">Under which; when it ends, so does the run.</param>
    /// <param name="tariffId">The tariff to which the version belongs.</param>
    /// <param name="question">What is asked.</param>
    public WhatIfRun Start(Actor actor, SessionKey session, Guid tariffId, WhatIfQuestion question)
    {
        var run = new WhatIfRun(tariffId, question);
        if (runs.TryRemove(session, out var last))
            last.Cancel();
        foreach (var (key, old) in runs)
            if (runs.Count >= MaxKept && !old.Running)
                runs.TryRemove(key, out _);
        runs[session] = run;
        run.Ended = RunAsync(actor, session, run);
        _ = run.Ended.ContinueWith(_ => run.End(), TaskScheduler.Default);
        return run;
    }

    async Task RunAsync(Actor actor, SessionKey session, WhatIfRun run)
    {
        using var work = open.AddWork(session, run.Cancel);
        await Task.Yield();
        try
        {
            var answer = await whatIf.RunAsync(actor, run.Question, new Reporter(run), run.Stop.Token);
            (run.Result, run.Error) = (answer.Ok ? answer.Value : null, answer.Error);
        }
        catch (OperationCanceledException) when (run.Stop.IsCancellationRequested)
        {
            // as the person wished
        }
        catch (Exception e)
        {
            log.LogError(e, "A replay of orders failed");
            run.Failed = true;
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        foreach (var run in runs.Values)
            run.Cancel();
        await Task.WhenAll(runs.Values.Select(r => r.Ended));
    }

    sealed class Reporter(WhatIfRun run) : IProgress<WhatIfProgress>
    {
        public void Report(WhatIfProgress value) => run.Progress = value;
    }
}
