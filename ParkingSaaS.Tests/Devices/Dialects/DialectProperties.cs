using System.Text;
using FsCheck;
using FsCheck.Fluent;
using ParkingSaaS.Core.Devices;
using ParkingSaaS.Devices.Dialects;
using ParkingSaaS.Devices.Dialects.Zhenshi;

namespace ParkingSaaS.Tests.Devices.Dialects;

/// <summary>Whatever bytes a device sends, a dialect answers with a report or an error code and never throws; and no text that
/// it lets through is one that the database cannot keep.</summary>
public sealed class DialectProperties
{
    static readonly (IDialect Dialect, string Topic, string Message)[] Corpus =
    [
        (new StandardDialect(), "v1/d/up/passage", """
            {"id":"m1","at":"2026-11-21T09:30:00+08:00","replay":false,"plate":"粤B12345","colour":"blue","vehicle":"small",
             "confidence":0.98,"direction":"in","images":["https://example.org/1.jpg"]}
            """),
        (new StandardDialect(), "v1/d/up/berth", """{"id":"m1","at":"2026-11-21T09:30:00+08:00","occupied":true,"plate":"粤B12345"}"""),
        (new StandardDialect(), "v1/d/up/heartbeat",
            """{"id":"m1","at":"2026-11-21T09:30:00+08:00","battery":87,"signal":-71,"faults":["lens-dirty"],"version":"2.4.1"}"""),
        (new StandardDialect(), "v1/d/up/reply",
            """{"id":"m1","at":"2026-11-21T09:30:00+08:00","command":"0199f3a2-7c11-7abc-8def-0123456789ab","ok":true,"code":"0"}"""),
        (new ZhenshiDialect(), "d/device/message/up/ivs_result", """
            {"id":"x","timestamp":1795224600,"payload":{"AlarmInfoPlate":{"result":{"PlateResult":{"license":"57KkQjEyMzQ1","colorType":1,
             "confidence":98,"isoffline":0,"timeStamp":{"Timeval":{"sec":1795224600}}}}}}}
            """),
        (new ZhenshiDialect(), "d/device/message/up/keep_alive", """{"timestamp":1795224600}"""),
        (new ZhenshiDialect(), "d/device/message/down/gpio_out/reply", """{"id":"0199f3a2-7c11-7abc-8def-0123456789ab","code":200}"""),
    ];

    // What breaks parsers: other types, bounds, halves of characters, depth, and what looks like an end.
    static readonly string[] Pieces =
    [
        "", "null", "true", "-1", "1e999", "-0", "99999999999999999999", "\"\"", "[]", "{}", "[[[[[[[[", "\"\\ud800\"", "\"\\udc00\\ud800\"",
        "\"\\u0000\"", "\\", "\"", "{", "}", ",", ":", "\"\\ud800\":1,", "\"id\":\"twice\",", "\u0000", "\uFEFF", "\"9999-12-31T23:59:59-14:00\"",
        "\"0001-01-01T00:00:00+14:00\"", "\"T+\"", "\"{0x0199f3a2,0x7c11,0x7abc,{0x8d,0xef,0x01,0x23,0x45,0x67,0x89,0xab}}\"", "1.5", "粤",
    ];

    // Throws at half a surrogate pair, as the database's driver does.
    static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    static readonly Gen<(int Message, byte[] Payload)> Mutated =
        from message in Gen.Choose(0, Corpus.Length - 1)
        from changes in Gen.ArrayOf(
            from at in Gen.Choose(0, 1000)
            from drop in Gen.Choose(0, 12)
            from piece in Gen.Frequency(
                (4, Gen.Elements(Pieces).Select(Encoding.UTF8.GetBytes)),
                (1, Gen.ArrayOf(Gen.Choose(0, 255).Select(b => (byte)b), 3)))
            select (at, drop, piece)).Where(c => c.Length < 6)
        select (message, changes.Aggregate(Encoding.UTF8.GetBytes(Corpus[message].Message), Change));

    static byte[] Change(byte[] payload, (int At, int Drop, byte[] Piece) change)
    {
        var at = change.At % (payload.Length + 1);
        return [.. payload[..at], .. change.Piece, .. payload[Math.Min(payload.Length, at + change.Drop)..]];
    }

    [Fact]
    public void The_corpus_is_understood() =>
        Assert.All(Corpus, c => Assert.NotNull(c.Dialect.Read("d", c.Topic, Encoding.UTF8.GetBytes(c.Message)).Report));

    /// <summary>A plate in GBK, half a surrogate pair, a field's name that is none, control characters in an id, an id of 65.</summary>
    [Theory]
    [InlineData("\"plate\":\"\u00D4\u00C1B12345\"", EventErrors.Malformed)]
    [InlineData("\"plate\":\"\\ud800\"", EventErrors.Malformed)]
    [InlineData("\"id\":\"a\\u0007b\"", EventErrors.BadField)]
    [InlineData("\"id\":\"a\\nb\"", EventErrors.BadField)]
    [InlineData("\"id\":\"01234567890123456789012345678901234567890123456789012345678901234\"", EventErrors.BadField)]
    public void What_is_no_text_is_refused(string field, string error)
    {
        var json = $$"""{"id":"m1","at":"2026-11-21T09:30:00+08:00",{{field}}}""";
        var reading = Corpus[0].Dialect.Read("d", Corpus[0].Topic, Encoding.Latin1.GetBytes(json));
        Assert.Equal((null, error), (reading.Report, reading.ErrorCode));
    }

    [Fact]
    public void Nothing_makes_a_dialect_throw() =>
        Prop.ForAll(Mutated.ToArbitrary(), x => Holds(Corpus[x.Message], x.Payload))
            .Check(Config.QuickThrowOnFailure.WithMaxTest(5_000));

    /// <summary>Every value of every message replaced by every piece.</summary>
    [Fact]
    public void No_piece_in_any_place_makes_a_dialect_throw()
    {
        foreach (var entry in Corpus)
            for (var at = 0; at <= entry.Message.Length; at++)
                foreach (var piece in Pieces)
                    Assert.True(Holds(entry, Encoding.UTF8.GetBytes(entry.Message.Insert(at, piece))), $"{entry.Topic} {at} {piece}");
    }

    static bool Holds((IDialect Dialect, string Topic, string Message) entry, byte[] payload)
    {
        var reading = entry.Dialect.Read("d", entry.Topic, payload);
        string?[] texts = reading.Report switch
        {
            null => [],
            PassageReport p => [p.Colour, p.Vehicle, .. p.Images],
            BerthReport => [],
            HeartbeatReport h => [h.Version, .. h.Faults ?? []],
            ReplyReport r => [r.Code],
            _ => throw new InvalidOperationException()
        };
        return reading.Report is null == reading.ErrorCode is not null
            && reading.MessageId is not { Length: > 64 }
            && texts.Append(reading.MessageId).All(t => t is null || (!t.Contains('\0') && Strict.GetByteCount(t) >= 0));
    }
}
