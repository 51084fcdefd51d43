using ParkingSaaS.Core.Common;
using ParkingSaaS.Core.Lots;
using ParkingSaaS.Core.Passes;
using ParkingSaaS.Core.Tenancy;
using ParkingSaaS.Core.Vehicles;
using ParkingSaaS.Web.Shell;

namespace ParkingSaaS.Web.Passes;

/// <summary>A pass in the list. Amounts are in minor units.</summary>
public sealed class PassRow
{
    public Guid Id { get; init; }
    public long Number { get; init; }
    public string Product { get; init; } = "";
    public string Holder { get; init; } = "";

    /// <summary>The holder's telephone as who looks may see it.</summary>
    public string Phone { get; init; } = "";
    public string? Berth { get; init; }
    public List<string?> Plates { get; init; } = [];
    public DateOnly From { get; init; }
    public DateOnly Until { get; init; }
    public PassState State { get; init; }
    public long Paid { get; init; }
    public string Lot { get; init; } = "";
}

/// <summary>Which passes are wanted at a glance.</summary>
public enum PassView
{
    All,

    /// <summary>Hold today.</summary>
    InForce,

    /// <summary>Sold, and waiting for the second person.</summary>
    ToReview,

    /// <summary>Waiting for their money.</summary>
    ToPay,

    /// <summary>End within the days that the filter says, and no renewal is paid.</summary>
    Expiring,

    /// <summary>Ended within as many days, and were not renewed.</summary>
    Over,

    /// <summary>Wishes to cancel that nobody has decided yet.</summary>
    Cancelling
}

/// <summary>Which passes are wanted; every part that is set narrows.</summary>
public sealed record PassFilter
{
    /// <summary>A part of a plate or of the holder's name, or the whole number or telephone; of the telephone a part too, for those who may see it.</summary>
    public string? Text { get; init; }
    public Guid? ProductId { get; init; }
    public PassState? State { get; init; }
    public PassView? View { get; init; }

    /// <summary>Days of <see cref="PassView.Expiring"/> and <see cref="PassView.Over"/>.</summary>
    public int? Days { get; init; }

    /// <summary>The days unless the person chooses.</summary>
    public const int UsualDays = 7;

    /// <summary>The most days; more mean as many.</summary>
    const int MaxDays = 3660;

    /// <summary>What the address of the list says.</summary>
    public static PassFilter Of(ListFilters f) => new()
    {
        Text = f["text"],
        ProductId = f.Id("productId"),
        State = f.Of<PassState>("state"),
        View = f.Of<PassView>("view"),
        Days = f.Number("days")
    };

    /// <summary>The passes within the session's reach that are wanted.</summary>
    public IQueryable<PassRow> Apply(CitySession s)
    {
        var passes = s.Db.Set<Pass>().AsQueryable();
        var whole = s.Actor.May(VehiclePermissions.ViewPhones);
        if (ProductId is { } product)
            passes = passes.Where(p => p.ProductId == product);
        if (State is { } state)
            passes = passes.Where(p => p.State == state);
        if (!string.IsNullOrWhiteSpace(Text))
        {
            var text = Text.Trim();
            var part = PlateGrammar.Part(text) ?? text;
            var number = long.TryParse(text, out var n) ? n : -1;
            // Digit by digit a number could be found out by whoever does not see it.
            var (phone, digits) = (Core.Common.Phone.Normalize(text), whole && text.Length >= 4 && text.All(char.IsAsciiDigit) ? text : "–");
            passes = passes.Where(p => p.Number == number || p.Holder.Contains(text) || p.Phone == phone || p.Phone.Contains(digits)
                || s.Db.Set<PassPlate>().Any(k => k.PassId == p.Id && k.Plate!.Contains(part)));
        }
        var today = s.City.Zone.Date(s.Now);
        var days = Math.Clamp(Days ?? UsualDays, 0, MaxDays);
        var (before, after) = (today.AddDays(-days), today.AddDays(days));
        passes = View switch
        {
            PassView.InForce => passes.Where(p => p.State == PassState.Active && p.From <= today && p.Until >= today),
            PassView.ToReview => passes.Where(p => p.State == PassState.PendingReview),
            PassView.ToPay => passes.Where(p => p.State == PassState.AwaitingPayment
                || p.State == PassState.Active && s.Db.Set<PassPeriod>().Any(x => x.PassId == p.Id && x.State == PassPeriodState.Open)),
            PassView.Expiring => passes.Where(p => p.State == PassState.Active && p.Until >= today && p.Until <= after),
            PassView.Over => passes.Where(p => p.State == PassState.Active && p.Until < today && p.Until >= before),
            PassView.Cancelling => passes.Where(p => p.State == PassState.CancelAsked || p.State == PassState.CancelAgreed),
            _ => passes
        };
        return passes.Select(p => new PassRow
        {
            Id = p.Id,
            Number = p.Number,
            Product = s.Db.Set<PassProduct>().First(x => x.Id == p.ProductId).Name,
            Holder = p.Holder,
            Phone = Core.Common.Phone.Show(p.Phone, whole),
            Berth = s.Db.Set<Berth>().Where(b => b.Id == p.BerthId).Select(b => b.Number).FirstOrDefault(),
            Plates = s.Db.Set<PassPlate>().Where(k => k.PassId == p.Id && k.Until == null && k.Plate != null).OrderBy(k => k.Id).Select(k => k.Plate).ToList(),
            From = p.From,
            Until = p.Until,
            State = p.State,
            Paid = s.Db.Set<PassPeriod>().Where(x => x.PassId == p.Id && x.State == PassPeriodState.Paid).Sum(x => x.ListPrice.Minor - x.Discount.Minor),
            Lot = s.Db.Set<Lot>().First(l => l.Id == p.LotId).Name
        });
    }
}
