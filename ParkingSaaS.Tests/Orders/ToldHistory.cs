using ParkingSaaS.Core.Devices;

namespace ParkingSaaS.Tests.Orders;

/// <summary>What is told of a true history that a seed plays.</summary>
public abstract class ToldHistory(int seed)
{
    /// <summary>One reading on its way to us.</summary>
    public sealed record Delivery(DateTimeOffset Arrival, DeviceEvent Event);

    readonly Random random = new(seed);

    /// <summary>In order of arrival.</summary>
    public List<Delivery> Deliveries { get; } = [];

    protected bool Chance(double of) => random.NextDouble() < of;

    protected double Share() => random.NextDouble();

    protected int Next(int least, int below) => random.Next(least, below);

    /// <summary>So many minutes; short times are as frequent as long ones.</summary>
    protected TimeSpan Between(double from, double to) => TimeSpan.FromMinutes(from * Math.Pow(to / from, random.NextDouble()));

    /// <summary>As exact as a device tells it.</summary>
    protected static DateTimeOffset Told(DateTimeOffset at) => new(at.UtcTicks - at.UtcTicks % TimeSpan.TicksPerMillisecond, TimeSpan.Zero);

    /// <summary>It arrives; one in twenty once more.</summary>
    protected void Send(DateTimeOffset arrival, DeviceEvent e)
    {
        Deliveries.Add(new Delivery(arrival, e));
        if (Chance(0.05))
            Deliveries.Add(new Delivery(arrival + Between(0.1, 60), e));
    }

    protected void Sort() => Deliveries.Sort((a, b) => a.Arrival.CompareTo(b.Arrival));
}
