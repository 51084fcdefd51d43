using System.Reflection;
using System.Text.RegularExpressions;
using ParkingSaaS.Tests.Infrastructure;
using Xunit;

namespace ParkingSaaS.Tests.Devices.Mqtt;

/// <summary>docs/mqtt-conformance.md is complete and names tests that exist.</summary>
public partial class ConformanceListTests
{
    // "section:count" numbers 1 to count, "section:from-to" from another on
    private const string V311 =
        "1.5.3:3 2.2.2:2 2.3.1:7 3.1.0:2 3.1.2:24 3.1.3:11 3.1.4:5 3.2.0:1 3.2.2:6 3.3.1:12 3.3.2:3 3.3.4:1 3.3.5:2 3.6.1:1 " +
        "3.8.1:1 3.8.3:4 3.8.4:6 3.9.3:2 3.10.1:1 3.10.3:2 3.10.4:6 3.12.4:1 3.14.1:1 3.14.4:3 4.1.0:2 4.3.1:1 4.3.2:2 " +
        "4.3.3:2 4.4.0:1 4.5.0:2 4.6.0:6 4.7.1:3 4.7.2:1 4.7.3:4 4.8.0:2 6.0.0:4 7.0.0:2 7.1.1:1 7.1.2:1";

    private const string V5 =
        "1.5.4:3 1.5.5:1 1.5.7:1 2.1.3:1 2.2.1:2-6 2.2.2:1 3.1.0:2 3.1.2:30 3.1.3:12 3.1.4:6 3.2.0:2 3.2.2:22 3.3.1:13 3.3.2:20 " +
        "3.3.4:10 3.4.2:3 3.5.2:3 3.6.1:1 3.6.2:3 3.7.2:3 3.8.1:1 3.8.3:5 3.8.4:8 3.9.2:2 3.9.3:2 3.10.1:1 3.10.3:2 3.10.4:6 " +
        "3.11.2:2 3.11.3:2 3.12.4:1 3.14.0:1 3.14.1:1 3.14.2:4 3.14.4:3 3.15.1:1 3.15.2:3 4.1.0:2 4.2.0:1 4.3.1:1 4.3.2:5 " +
        "4.3.3:13 4.4.0:2 4.5.0:2 4.6.0:6 4.7.0:1 4.7.1:2 4.7.2:1 4.7.3:4 4.8.2:6 4.9.0:3 4.12.0:7 4.12.1:2 4.13.1:1 4.13.2:1 " +
        "6.0.0:4";

    private static readonly HashSet<string> Tests = [.. typeof(ConformanceListTests).Assembly.GetTypes()
        .SelectMany(t => t.GetMethods())
        .Where(m => m.GetCustomAttributes().Any(a => a is FactAttribute))
        .Select(m => $"{m.DeclaringType!.Name}.{m.Name}")];

    private static string Document() => File.ReadAllText(SourceTree.At("docs/mqtt-conformance.md"));

    private static IEnumerable<string> Numbers(string sections) =>
        from part in sections.Split(' ')
        let section = part.Split(':')
        let range = section[1].Split('-')
        let first = range.Length == 1 ? 1 : int.Parse(range[0])
        from number in Enumerable.Range(first, int.Parse(range[^1]) - first + 1)
        select $"MQTT-{section[0]}-{number}";

    private static (string Number, string Statement, string Holder)[] Rows(string heading)
    {
        var text = Document().Split($"\n## {heading}\n")[1].Split("\n## ")[0];
        return [.. text.Split('\n').Where(line => line.StartsWith("| MQTT-", StringComparison.Ordinal))
            .Select(line => line.Trim('|').Split('|', StringSplitOptions.TrimEntries))
            .Select(cells => (cells[0], cells[1], cells[2]))];
    }

    [Theory]
    [InlineData("MQTT 3.1.1", V311, 141)]
    [InlineData("MQTT 5.0", V5, 251)]
    public void Every_statement_is_listed_once_and_in_order(string standard, string sections, int count)
    {
        var listed = Rows(standard).Select(r => r.Number);
        Assert.Equal(count, Numbers(sections).Count());
        Assert.Equal(Numbers(sections), listed);
    }

    [Theory]
    [InlineData("MQTT 3.1.1")]
    [InlineData("MQTT 5.0")]
    public void Every_statement_is_held_by_tests_that_exist_or_has_a_reason(string standard)
    {
        foreach (var (number, statement, holder) in Rows(standard))
        {
            Assert.True(statement.Length > 0, number);
            var named = TestName().Matches(holder).Select(m => m.Groups[1].Value).ToArray();
            Assert.All(named, name => Assert.True(Tests.Contains(name), $"{number}: {name} is no test"));
            if (holder.StartsWith('–'))
                Assert.True(holder.Length > 12, $"{number} needs a reason");
            else
                Assert.True(named.Length > 0 && holder.StartsWith('`'), $"{number} is held by nothing");
        }
    }

    [GeneratedRegex("`([A-Za-z]+\\.\\w+)`")]
    private static partial Regex TestName();
}
