using System.Diagnostics;
using System.Runtime.CompilerServices;

namespace ParkingSaaS.Tests.Infrastructure;

/// <summary>Waits for what nothing announces. What is announced is awaited instead.</summary>
public static class Eventually
{
    // Longer than anything here takes on a busy machine: past it the test has failed, and says on what.
    static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    /// <summary>Returns as soon as it is so.</summary>
    /// <param name="so">Asked again and again.</param>
    /// <param name="meanwhile">Done before each further question, such as moving a clock on.</param>
    /// <param name="words">Of the condition, for the failure.</param>
    public static Task HoldsAsync(Func<bool> so, Action? meanwhile = null, [CallerArgumentExpression(nameof(so))] string words = "") =>
        HoldsAsync(() => Task.FromResult(so()), meanwhile, words);

    /// <inheritdoc cref="HoldsAsync(Func{bool}, Action?, string)"/>
    public static async Task HoldsAsync(Func<Task<bool>> so, Action? meanwhile = null, [CallerArgumentExpression(nameof(so))] string words = "")
    {
        var watch = Stopwatch.StartNew();
        while (!await so())
        {
            TestContext.Current.CancellationToken.ThrowIfCancellationRequested();
            Assert.True(watch.Elapsed < Patience, "Never came about: " + words);
            meanwhile?.Invoke();
            await Task.Yield();
        }
    }
}
