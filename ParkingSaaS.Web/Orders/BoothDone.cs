using ParkingSaaS.Web.Payments;
using ParkingSaaS.Web.Shell;

namespace ParkingSaaS.Web.Orders;

/// <summary>What an attendant did last.</summary>
/// <param name="LaneId">Where.</param>
/// <param name="About">The order, or the command, by which the lane's commands that follow from it are known.</param>
/// <param name="Words">What was done.</param>
/// <param name="Cash">What was taken; null where it was something else.</param>
/// <param name="Tone">How good it is what came of it.</param>
public sealed record BoothDone(Guid LaneId, Guid About, string Words, CashTaken? Cash = null, BadgeTone Tone = BadgeTone.Success);
