using FsCheck;
using FsCheck.Fluent;
using ParkingSaaS.Core.Passes;

namespace ParkingSaaS.Tests.Passes;

/// <summary>Several cars on fewer places, beside a reference that looks at every minute by itself.</summary>
public sealed class CoverProperties
{
    const int Minutes = 60;
    static readonly string[] Cars = ["A0001", "A0002", "A0003", "A0004", "A0005"];

    static DateTimeOffset At(int minute) => DateTimeOffset.UnixEpoch.AddMinutes(minute);

    static PassInForce Pass(Random random)
    {
        return new PassInForce
        {
            Number = 1,
            Places = random.Next(1, 4),
            Lots = null,
            ByBerth = false,
            Days = Stretches.Union(Enumerable.Range(0, random.Next(4)).Select(_ => Some(random))),
            Plates = [.. Cars.Take(4).SelectMany(c => Enumerable.Range(0, random.Next(1, 3))
                .Select(_ => (c, random.Next(3) == 0 ? Some(random) : new Stretch(At(0), At(Minutes)))))]
        };
    }

    static Stretch Some(Random random)
    {
        var from = random.Next(Minutes);
        return new Stretch(At(from), At(random.Next(from, Minutes + 1)));
    }

    static List<PassStay> Stays(Random random)
    {
        var ids = Enumerable.Range(0, 12).Select(i => new Guid(i, 0, 0, new byte[8])).ToArray();
        random.Shuffle(ids);
        return [.. ids.Take(random.Next(1, 12))
            .Select(id => Some(random) is var time ? new PassStay(id, Cars[random.Next(Cars.Length)], time.From, time.To) : default)];
    }

    static bool MayPark(PassInForce pass, PassStay stay, DateTimeOffset minute) => stay.Entry <= minute && minute < stay.Exit
        && pass.Days.Any(d => d.From <= minute && minute < d.To)
        && pass.Plates.Any(p => p.Plate == stay.Plate && p.Time.From <= minute && minute < p.Time.To);

    static void ForAll(Action<PassInForce, List<PassStay>> holds) => Prop.ForAll(Gen.Choose(0, int.MaxValue - 1).ToArbitrary(), seed =>
    {
        var random = new Random(seed);
        holds(Pass(random), Stays(random));
    }).Check(Config.QuickThrowOnFailure.WithMaxTest(1500));

    [Fact]
    public void At_every_minute_those_that_came_first_are_covered() => ForAll((pass, stays) =>
    {
        var covered = stays.ToDictionary(s => s.OrderId, s => pass.Covered(s, stays));
        for (var m = 0; m < Minutes; m++)
        {
            var minute = At(m);
            var expected = stays.Where(s => MayPark(pass, s, minute)).OrderBy(s => s.Entry).ThenBy(s => s.OrderId).Take(pass.Places).Select(s => s.OrderId);
            var actual = stays.Where(s => covered[s.OrderId].Exists(x => x.From <= minute && minute < x.To)).Select(s => s.OrderId);
            Assert.Equal(expected.Order(), actual.Order());
        }
    });

    [Fact]
    public void What_is_covered_lies_within_the_stay_in_order_and_apart() => ForAll((pass, stays) => Assert.All(stays, stay =>
    {
        var covered = pass.Covered(stay, stays);
        Assert.All(covered, x => Assert.True(stay.Entry <= x.From && x.From < x.To && x.To <= stay.Exit));
        Assert.All(covered.Zip(covered.Skip(1)), pair => Assert.True(pair.First.To < pair.Second.From));
    }));

    [Fact]
    public void Time_without_other_time_is_what_lies_beside_it() => ForAll((pass, stays) =>
    {
        var others = stays.ConvertAll(s => new Stretch(s.Entry, s.Exit));
        var rest = pass.Days.Without(others);
        Assert.All(rest, x => Assert.True(x.From < x.To));
        for (var m = 0; m < Minutes; m++)
            Assert.Equal(Within(pass.Days, At(m)) && !Within(others, At(m)), Within(rest, At(m)));
    });

    static bool Within(IEnumerable<Stretch> time, DateTimeOffset minute) => time.Any(x => x.From <= minute && minute < x.To);
}
