namespace ParkingSaaS.Web.Lots;

/// <summary>What a room shows of its own on the page of a lot.</summary>
/// <param name="Order">Where it stands among the others.</param>
/// <param name="Component">It takes the lot as <c>Lot</c>, and draws a card; it is made anew when the lot was changed.</param>
/// <param name="Permission">Who does not hold it does not see it.</param>
sealed record LotPart(int Order, Type Component, string Permission);
