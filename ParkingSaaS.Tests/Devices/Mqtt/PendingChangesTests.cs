using ParkingSaaS.Devices.Mqtt;

namespace ParkingSaaS.Tests.Devices.Mqtt;

/// <summary>What is left of changes does what all of them do, and is no more than what there is to keep.</summary>
public sealed class PendingChangesTests
{
    const int Sessions = 3, Ids = 4, Topics = 3;

    /// <summary>A store as its contract has it: keys and values, and a session that ends takes all of its own along.</summary>
    sealed class Store
    {
        readonly SortedDictionary<string, string> kept = new(StringComparer.Ordinal);

        public void Apply(MqttChange change)
        {
            switch (change)
            {
                case MqttRetained c: Set($"retained/{c.Message.Topic}", c.Message.Payload.IsEmpty ? null : c.Message.Payload.Span[0].ToString()); break;
                case MqttSessionKept c: Set($"{c.Session.ClientId}/session", c.Expiry.ToString()); break;
                case MqttSessionEnded c:
                    foreach (var key in kept.Keys.Where(k => k.StartsWith(c.Session.ClientId + "/", StringComparison.Ordinal)).ToList())
                        kept.Remove(key);
                    break;
                case MqttMessageQueued c:
                    Set($"{c.Session.ClientId}/message {c.PacketId}", c.Message.Payload.Span[0].ToString());
                    Set($"{c.Session.ClientId}/released {c.PacketId}", c.Released ? "" : null);
                    break;
                case MqttMessageReleased c: Set($"{c.Session.ClientId}/released {c.PacketId}", ""); break;
                case MqttMessageDone c:
                    Set($"{c.Session.ClientId}/message {c.PacketId}", null);
                    Set($"{c.Session.ClientId}/released {c.PacketId}", null);
                    break;
                case MqttIdReceived c: Set($"{c.Session.ClientId}/received {c.PacketId}", ""); break;
                case MqttIdReleased c: Set($"{c.Session.ClientId}/received {c.PacketId}", null); break;
                default: Assert.Fail(change.GetType().Name); break;
            }
        }

        void Set(string key, string? value)
        {
            if (value is null)
                kept.Remove(key);
            else
                kept[key] = value;
        }

        public override string ToString() => string.Join("\n", kept);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void What_is_left_does_what_all_do_however_often_it_is_taken(int seed)
    {
        var random = new Random(seed);
        var (all, left, pending) = (new Store(), new Store(), new PendingChanges());
        for (var n = 0; n < 20_000; n++)
        {
            var change = Next(random);
            all.Apply(change);
            pending.Add(change);
            if (random.Next(50) > 0)
                continue;
            pending.Take().ForEach(left.Apply);
            Assert.Equal(0, pending.Count);
            Assert.Equal(all.ToString(), left.ToString());
        }
    }

    /// <summary>A store that is away for long.</summary>
    [Fact]
    public void No_more_waits_than_there_is_to_say()
    {
        var (random, pending) = (new Random(5), new PendingChanges());
        for (var n = 0; n < 100_000; n++)
            if (Next(random) is var change and not MqttSessionEnded) // it takes a sign-in, which asks the database, to make another
                pending.Add(change);
        Assert.InRange(pending.Count, 1, Topics + Sessions * (1 + 3 * Ids));
    }

    static MqttChange Next(Random random)
    {
        var session = new MqttIdentity("s", "name", $"c{random.Next(Sessions)}");
        var id = (ushort)(1 + random.Next(Ids));
        ReadOnlyMemory<byte> payload = new[] { (byte)random.Next(256) };
        return random.Next(20) switch
        {
            0 => new MqttSessionEnded(session),
            < 3 => new MqttSessionKept(session, TimeSpan.FromSeconds(random.Next(100)), []),
            < 7 => new MqttMessageQueued(session, id, new MqttMessage("t", payload), MqttQos.ExactlyOnce, false, [], null, random.Next(4) == 0),
            < 9 => new MqttMessageReleased(session, id),
            < 13 => new MqttMessageDone(session, id),
            < 15 => new MqttIdReceived(session, id),
            < 17 => new MqttIdReleased(session, id),
            _ => new MqttRetained(new MqttMessage($"t{random.Next(Topics)}", random.Next(3) == 0 ? default : payload), null)
        };
    }
}
