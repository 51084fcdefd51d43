namespace ParkingSaaS.Web.Orders;

/// <summary>What a room shows of its own on the page of an order.</summary>
/// <param name="Place">Where it stands among the others.</param>
/// <param name="Component">It takes the order as <c>Order</c> and the city's zone as <c>Zone</c>; it is drawn anew when the order was read.</param>
/// <param name="Permission">Who does not hold it does not see it.</param>
sealed record OrderPart(int Place, Type Component, string Permission);
