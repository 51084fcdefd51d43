using System.Buffers.Binary;
using ParkingSaaS.Core.Common;
using ParkingSaaS.Core.Devices;
using ParkingSaaS.Core.Orders;
using ParkingSaaS.Core.Payments;
using ParkingSaaS.Core.Tariffs.Engine;
using ParkingSaaS.Core.Tenancy;
using ParkingSaaS.Web.Drivers;

namespace ParkingSaaS.Web.Demo;

/// <summary>Writes of stays what the program would have written: orders with the engine's fees, payments, readings, and each order's log.</summary>
sealed class DemoLedger(City city, Random random, DateTimeOffset now, DemoShifts shifts)
{
    /// <summary>Who takes cash.</summary>
    public const string Attendant = "收费员";

    /// <summary>Readings and logs are there of stays that began within so many days: those of a year take as long to write as all else.</summary>
    static readonly TimeSpan ReadingsKept = TimeSpan.FromDays(90);

    /// <summary>Messages of devices, and what gates were told, are there of as many days.</summary>
    static readonly TimeSpan MessagesKept = TimeSpan.FromDays(3);

    /// <summary>Who left unpaid, and is not somebody who never pays, has paid after so many days.</summary>
    const int Patience = 12;

    readonly DemoPrices prices = new(city);
    readonly FeeQuote nothing = new() { Currency = city.Currency, Amount = decimal.Zero };

    public List<Payment> Payments { get; } = [];
    public List<Passage> Passages { get; } = [];
    public List<OrderOperation> Operations { get; } = [];
    public List<DeviceMessage> Messages { get; } = [];
    public List<DeviceCommand> Commands { get; } = [];
    public List<Posting> Postings { get; } = [];

    /// <summary>The order of a stay; what belongs to it is added to the lists.</summary>
    public Order Write(DemoStay stay)
    {
        var order = new Order
        {
            Id = NewId(stay.Entry),
            LotId = stay.Place.Lot.Id,
            BerthId = stay.In.BerthId,
            Plate = stay.Car.Plate,
            Colour = stay.Car.Colour,
            Vehicle = stay.Car.Vehicle,
            EnteredAt = stay.Entry,
            EntryLaneId = stay.In.LaneId,
            TariffVersionId = stay.Place.VersionId,
            BusinessDate = city.Zone.Date(stay.Entry),
            SeenUntil = stay.Entry,
            CreatedAt = stay.Entry.AddSeconds(1)
        };
        Tell(order, stay.In.Gate, See(order, stay.In, entering: true, stay.Entry, PassageOutcome.Opened));
        Log(order, OrderOperationKind.Entered, stay.In.Device.Name, stay.Entry);
        if (stay.Exit is { } exit)
            Leave(stay, order, exit);
        return order;
    }

    void Leave(DemoStay stay, Order order, DateTimeOffset exit)
    {
        // The fee is quoted to the minute, and who has paid has the lot's minutes to leave.
        var early = exit.AddSeconds(-random.Next(2 * 60, 13 * 60));
        var inAdvance = stay is { Pass: null, Free: null, NeverPays: false } && random.Next(100) < (stay.Place.Lot.Gated ? 34 : 84)
            && OrderPayments.PaidTo(order, early) is var until && Charge(stay, order, until);
        if (inAdvance)
        {
            order.PaidUntil = OrderPayments.PaidTo(order, early);
            Pay(order, DemoChannel.Name, early, early);
        }
        else
            Charge(stay, order, exit);
        (order.ExitedAt, order.ExitLaneId, order.SeenUntil, order.BusinessDate) = (exit, stay.Out.LaneId, exit, city.Zone.Date(exit));
        var heard = See(order, stay.Out, entering: false, exit, PassageOutcome.Closed);
        var owed = order.Owed;
        order.Go(owed == Money.Zero ? OrderState.Completed : stay.Place.Lot.Gated ? OrderState.AwaitingPayment : OrderState.Arrears);
        Post(order, exit, Account.Receivable, Account.Income, order.Claim);
        Post(order, exit, Account.Prepaid, Account.Receivable, order.Received < order.Claim ? order.Received : order.Claim);
        Log(order, OrderOperationKind.Exited, stay.Out.Device.Name, exit, owed);
        if (owed == Money.Zero)
        {
            Tell(order, stay.Out.Gate, heard);
            return;
        }
        if (order.State is OrderState.AwaitingPayment && !LeavesUnpaid(stay, exit))
        {
            var paid = exit.AddSeconds(random.Next(8, 100));
            Pay(order, random.Next(100) < 30 ? TakePayment.Cash : DemoChannel.Name, exit, paid);
            Tell(order, stay.Out.Gate, paid);
            return;
        }
        if (order.State is OrderState.AwaitingPayment)
        {
            const string reason = "司机无法支付，登记后放行";
            order.Go(OrderState.Arrears);
            Log(order, OrderOperationKind.GateOpened, Attendant, exit.AddMinutes(6), owed, reason);
            Tell(order, stay.Out.Gate, exit.AddMinutes(6), Attendant, reason);
        }
        var later = exit.AddHours(1).AddSeconds(random.Next(Patience * 24 * 3600));
        if (!stay.NeverPays && random.Next(100) < 94 && later < now)
            Pay(order, DemoChannel.Name, later.AddSeconds(-20), later);
    }

    bool LeavesUnpaid(DemoStay stay, DateTimeOffset exit) => exit.AddMinutes(10) < now && (stay.NeverPays || random.Next(1000) < 6);

    /// <summary>Puts the fee into the order.</summary>
    /// <returns>Whether there is one.</returns>
    bool Charge(DemoStay stay, Order order, DateTimeOffset until)
    {
        (order.Receivable, order.FeeLines) = stay switch
        {
            { Free: { } note } => DemoPrices.Write(nothing with { Notes = [note] }),
            { Pass: { } number } => DemoPrices.Write(nothing with { Lines = [Covered(number, stay.Entry, until)] }),
            _ => prices.Of(stay.Place, stay.Car, stay.Entry, until)
        };
        return order.Receivable > Money.Zero;
    }

    static FeeLine Covered(long pass, DateTimeOffset from, DateTimeOffset to) => new()
    {
        Code = FeeLineCode.Pass,
        Name = pass.ToString(System.Globalization.CultureInfo.InvariantCulture),
        From = from,
        To = to,
        Amount = decimal.Zero
    };

    /// <summary>All that is owed is paid; a car that has left, or may leave now, is done.</summary>
    void Pay(Order order, string method, DateTimeOffset quoted, DateTimeOffset at)
    {
        var (id, amount) = (NewId(at), order.Owed);
        var (shift, collector) = method == TakePayment.Cash ? shifts.Of(order.LotId, at, amount) : (null, Attendant);
        Payments.Add(new Payment
        {
            Id = id,
            LotId = order.LotId,
            PayableId = order.Id,
            Method = method,
            Amount = amount,
            State = PaymentState.Succeeded,
            CreatedAt = quoted,
            PaidAt = at,
            BusinessDate = city.Zone.Date(at),
            Reference = method == TakePayment.Cash ? collector : "SIM" + id.ToString("N")[^12..],
            ShiftId = shift,
            QuotedAt = quoted
        });
        Post(order, at, Account.Of(method), order.State is OrderState.Parked ? Account.Prepaid : Account.Receivable, amount, id);
        order.Received += amount;
        if (order.State is not OrderState.Parked)
            order.Go(OrderState.Completed);
        Log(order, OrderOperationKind.Paid, method == TakePayment.Cash ? collector : method, at, amount, method);
    }

    void Post(Order order, DateTimeOffset at, string debit, string credit, Money amount, Guid? paymentId = null)
    {
        if (amount == Money.Zero)
            return;
        Postings.Add(new Posting
        {
            Id = NewId(at),
            LotId = order.LotId,
            At = at,
            Day = city.Zone.Date(at),
            Debit = debit,
            Credit = credit,
            Amount = amount,
            Kind = order.Kind,
            PayableId = order.Id,
            PaymentId = paymentId
        });
    }

    /// <summary>A row's id, in order of time as the program's own are, and made by the same chance as all else: a million from the system's take a
    /// second.</summary>
    public Guid NewId(DateTimeOffset at)
    {
        Span<byte> id = stackalloc byte[16];
        random.NextBytes(id[6..]);
        BinaryPrimitives.WriteInt64BigEndian(id, at.ToUnixTimeMilliseconds() << 16 | 0x7000L | (long)(id[6] & 0x0F) << 8 | id[7]);
        id[8] = (byte)(id[8] & 0x3F | 0x80);
        return new Guid(id, bigEndian: true);
    }

    /// <summary>A device sees the order's car.</summary>
    /// <param name="plate">As read, where that is not the order's.</param>
    /// <returns>When the program heard of it.</returns>
    public DateTimeOffset See(Order order, DemoSpot spot, bool entering, DateTimeOffset at, PassageOutcome outcome, string? plate = null)
    {
        if (order.CreatedAt < now - ReadingsKept)
            return at;
        // A sensor knows whose car has come from its camera, and sees nothing of it when the berth is free.
        var read = spot.BerthId is not null && !entering ? null : plate ?? order.Plate;
        var message = at < now - MessagesKept ? null : DemoMessage.Of(spot.Device, entering, at, read, order.Colour);
        if (message is not null)
            Messages.Add(message);
        Passages.Add(new Passage
        {
            Id = NewId(at),
            LotId = order.LotId,
            DeviceId = spot.Device.Id,
            MessageId = message?.Id,
            LaneId = spot.LaneId,
            BerthId = spot.BerthId,
            Entering = entering,
            At = at,
            Plate = read,
            Confidence = spot.LaneId is null ? null : DemoMessage.Confidence,
            Outcome = outcome,
            OrderId = order.Id
        });
        return message?.ReceivedAt ?? at;
    }

    /// <summary>A gate is told to open for the order, and does; not the one that is off line.</summary>
    /// <param name="gate">What moves it; null where there is none.</param>
    /// <param name="by">Who asks.</param>
    /// <param name="reason">Why a person does.</param>
    void Tell(Order order, Device? gate, DateTimeOffset at, string by = "devices", string? reason = null)
    {
        if (gate is null || at < now - MessagesKept || (gate.Name == DemoPlan.LostGate && at > now - DemoHistory.LostFor))
            return;
        Commands.Add(new DeviceCommand
        {
            Id = NewId(at),
            LotId = order.LotId,
            DeviceId = gate.Id,
            Type = DeviceCommand.OpenGate,
            By = by,
            Reason = reason,
            OrderId = order.Id,
            CreatedAt = at,
            ExpiresAt = at + DeviceCommand.Validity,
            State = CommandState.Executed,
            StateAt = at.AddMilliseconds(900)
        });
    }

    /// <summary>Notes in the order's log what was done.</summary>
    public void Log(Order order, OrderOperationKind kind, string by, DateTimeOffset at, Money amount = default, string detail = "")
    {
        if (order.CreatedAt < now - ReadingsKept)
            return;
        Operations.Add(new OrderOperation
        {
            Id = NewId(at),
            LotId = order.LotId,
            OrderId = order.Id,
            At = at,
            By = by,
            Kind = kind,
            State = order.State,
            Amount = amount,
            Detail = detail
        });
    }
}
