using ParkingSaaS.Core.Common;

namespace ParkingSaaS.Core.Orders;

/// <summary>Orders by a part of their plate. O and 0, I and 1 are the same, also where a plate has none of the known forms.</summary>
public static class PlateParts
{
    /// <summary>A plate, or a part of one, as it is compared here; null where there is nothing of a plate.</summary>
    public static string? Of(string? text) => Plate.Part(text)?.Replace('O', '0').Replace('I', '1');

    /// <summary>Those with the part somewhere in their plate.</summary>
    /// <param name="part">As <see cref="Of"/> makes it.</param>
    public static IQueryable<Order> WithPlatePart(this IQueryable<Order> orders, string part) =>
        orders.Where(o => o.Plate!.Replace("O", "0").Replace("I", "1").Contains(part)); // in these words by ix_orders_plate_part
}
