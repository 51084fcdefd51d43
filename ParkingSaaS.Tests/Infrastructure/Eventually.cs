using System.Diagnostics;
using System.Runtime.CompilerServices;

namespace ParkingSaaS.Tests.Infrastructure;

/// <summary>How tests wait. Every wait ends by itself, and its failure says on what it waited.</summary>
public static class Eventually
{
    // Longer than anything here takes on a busy machine: past it the test has failed.
    internal static readonly TimeSpan Long = TimeSpan.FromMinutes(2);

    // Short for a person, long for a machine: who asks all the time takes the processor from what is waited for.
    static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(2);

    static CancellationToken Ct => TestContext.Current.CancellationToken;

    /// <summary>Returns as soon as it is so: for what nothing announces.</summary>
    /// <param name="so">Asked again and again.</param>
    /// <param name="meanwhile">Done before each further question, such as moving a clock on.</param>
    /// <param name="words">Of the condition, for the failure.</param>
    /// <param name="patience">How long; two minutes unless said.</param>
    public static Task HoldsAsync(Func<bool> so, Action? meanwhile = null, [CallerArgumentExpression(nameof(so))] string words = "",
        TimeSpan? patience = null) => HoldsAsync(() => Task.FromResult(so()), meanwhile, words, patience);

    /// <inheritdoc cref="HoldsAsync(Func{bool}, Action?, string, TimeSpan?)"/>
    public static async Task HoldsAsync(Func<Task<bool>> so, Action? meanwhile = null, [CallerArgumentExpression(nameof(so))] string words = "",
        TimeSpan? patience = null)
    {
        var watch = Stopwatch.StartNew();
        using var pause = new PeriodicTimer(Pause);
        while (!await so().InTimeAsync(patience, words))
        {
            Ct.ThrowIfCancellationRequested();
            Assert.True(watch.Elapsed < (patience ?? Long), Never(words));
            meanwhile?.Invoke();
            await pause.WaitForNextTickAsync(Ct);
        }
    }

    /// <summary>Waits for what is announced: a task, a message of a channel, a line or the end of a process, bytes of a socket.</summary>
    /// <param name="announced">What is waited for.</param>
    /// <param name="patience">How long; two minutes unless said.</param>
    /// <param name="words">Of it, for the failure.</param>
    public static async Task InTimeAsync(this Task announced, TimeSpan? patience = null, [CallerArgumentExpression(nameof(announced))] string words = "")
    {
        try
        {
            await announced.WaitAsync(patience ?? Long, Ct);
        }
        catch (TimeoutException) when (!announced.IsCompleted)
        {
            Assert.Fail(Never(words));
        }
    }

    /// <inheritdoc cref="InTimeAsync(Task, TimeSpan?, string)"/>
    public static async Task<T> InTimeAsync<T>(this Task<T> announced, TimeSpan? patience = null,
        [CallerArgumentExpression(nameof(announced))] string words = "")
    {
        await InTimeAsync((Task)announced, patience, words);
        return await announced;
    }

    /// <inheritdoc cref="InTimeAsync(Task, TimeSpan?, string)"/>
    public static Task<T> InTimeAsync<T>(this ValueTask<T> announced, TimeSpan? patience = null,
        [CallerArgumentExpression(nameof(announced))] string words = "") =>
        InTimeAsync(announced.AsTask(), patience, words);

    static string Never(string words) => "Never came about: " + words;
}
