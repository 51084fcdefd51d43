using System.Diagnostics.CodeAnalysis;

namespace ParkingSaaS.Devices.Mqtt;

/// <summary>The members of a shared subscription (section 4.8.2): each message goes to one. Guarded by the space.</summary>
internal sealed class SharedGroup
{
    private readonly List<Member> _members = [];
    private int _next;

    public bool IsEmpty => _members.Count == 0;

    public void Set(MqttSession session, MqttQos qos, uint? id)
    {
        var member = new Member(session, qos, id);
        var index = _members.FindIndex(m => m.Session == session);
        if (index < 0)
            _members.Add(member);
        else
            _members[index] = member;
    }

    /// <summary>The subscription identifier of a member.</summary>
    public uint? IdOf(MqttSession session) => _members.Find(m => m.Session == session)?.Id;

    public void Remove(MqttSession session) => _members.RemoveAll(m => m.Session == session);

    /// <summary>Takes turns among the connected; when there is none, among the sessions that wait for their clients.</summary>
    public bool TryPick([NotNullWhen(true)] out MqttSession? session, out MqttQos qos, out uint? id)
    {
        var turn = _members.Count == 0 ? null : Turn(m => m.Session.Connection is not null) ?? Turn(_ => true);
        (session, qos, id) = (turn?.Session, turn?.Qos ?? default, turn?.Id);
        return session is not null;
    }

    private Member? Turn(Predicate<Member> fits)
    {
        for (var n = 0; n < _members.Count; n++)
        {
            var member = _members[(_next + n) % _members.Count];
            if (!fits(member))
                continue;
            _next = (_next + n + 1) % _members.Count;
            return member;
        }

        return null;
    }

    private sealed record Member(MqttSession Session, MqttQos Qos, uint? Id);
}
