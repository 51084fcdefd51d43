using System.Diagnostics;
using System.Text.RegularExpressions;
using ParkingSaaS.Tests.Infrastructure;

namespace ParkingSaaS.Tests.Structure;

/// <summary>Every wait of a test ends by itself, and a run leaves nothing behind.</summary>
public sealed partial class WaitTests
{
    /// <summary>A wait that only what is waited for can end.</summary>
    [GeneratedRegex("""
        (?<!rows?|reader|KeyFile)\.(?:Read|Receive|WaitToRead|AcceptSocket|AcceptTcpClient)Async
            \((?:\w+,\s)?(?:Ct|TestContext[\w.]*|CancellationToken\.None)\)(?!\.InTimeAsync)
        |WaitForExitAsync\([\w.]*\)(?!\.InTimeAsync)
        |await\s[^;]*\.Read(?:Line|ToEnd)Async\([\w.]*\)(?!\.InTimeAsync)
        |\.WaitAsync\((?:Ct|TestContext[\w.]*|CancellationToken\.None)\)(?!\.InTimeAsync)
        |await\s\w+\.Task;
        |Task\.Delay\(|Thread\.Sleep\(
        """, RegexOptions.IgnorePatternWhitespace)]
    private static partial Regex Bare { get; }

    [Fact]
    public void No_test_waits_without_an_end() => Assert.Empty(
        from project in new[] { "ParkingSaaS.Tests", "ParkingSaaS.E2E" }
        from file in Directory.GetFiles(SourceTree.At(project), "*.cs", SearchOption.AllDirectories)
        where !file.Contains("/obj/") && Path.GetFileName(file) is not (nameof(WaitTests) + ".cs")
        from line in File.ReadLines(file).Index()
        where Bare.IsMatch(line.Item)
        select $"{Path.GetFileName(file)}:{line.Index + 1}: {line.Item.Trim()}");

    [Theory]
    [InlineData("await told.Reader.ReadAsync(Ct);", true)]
    [InlineData("await told.Reader.ReadAsync(Ct).InTimeAsync();", false)]
    [InlineData("while (await rows.ReadAsync(Ct))", false)]
    [InlineData("await process.WaitForExitAsync(Ct);", true)]
    [InlineData("await process.WaitForExitAsync().InTimeAsync();", false)]
    [InlineData("var line = await process.StandardOutput.ReadLineAsync(Ct);", true)]
    [InlineData("await client.Closed.WaitAsync(Ct);", true)]
    [InlineData("await client.Closed.InTimeAsync();", false)]
    [InlineData("await taken.Task;", true)]
    [InlineData("await socket.ReceiveAsync(buffer, Ct);", true)]
    [InlineData("await Task.Delay(100);", true)]
    public void Such_a_wait_is_seen(string code, bool bare) => Assert.Equal(bare, Bare.IsMatch(code));

    [Fact]
    public async Task What_never_comes_says_so()
    {
        var never = new TaskCompletionSource();
        var failure = await Assert.ThrowsAnyAsync<Exception>(() => never.Task.InTimeAsync(TimeSpan.FromMilliseconds(1)));
        Assert.Contains("never.Task", failure.Message);
        failure = await Assert.ThrowsAnyAsync<Exception>(() => Eventually.HoldsAsync(() => never.Task.IsCompleted, patience: TimeSpan.FromMilliseconds(1)));
        Assert.Contains("never.Task.IsCompleted", failure.Message);
    }

    /// <summary>Kill -9 of a run: the next one ends what it started and deletes what it made, and touches no run that lives.</summary>
    [Fact]
    public async Task What_a_dead_run_left_is_cleared_and_nothing_else()
    {
        var (dead, alive) = TestRun.Create();
        var (living, held) = TestRun.Create();
        using var _ = held;
        using var left = Sleep(dead);
        using var used = Sleep(living);
        await alive.DisposeAsync();

        TestRun.Clear();
        await left.WaitForExitAsync(TestContext.Current.CancellationToken).InTimeAsync();
        Assert.False(Directory.Exists(dead));
        Assert.False(used.HasExited);
        Assert.True(Directory.Exists(living) && Directory.Exists(TestRun.Directory));

        held.Dispose();
        TestRun.Clear();
        await used.WaitForExitAsync(TestContext.Current.CancellationToken).InTimeAsync();
        Assert.False(Directory.Exists(living));

        static Process Sleep(string run)
        {
            var start = new ProcessStartInfo("sleep", ["600"]);
            start.Environment["TMPDIR"] = run;
            return Process.Start(start)!;
        }
    }
}
