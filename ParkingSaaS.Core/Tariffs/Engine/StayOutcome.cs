namespace ParkingSaaS.Core.Tariffs.Engine;

/// <summary>A fee, and what the stay leaves behind for the car's next.</summary>
internal readonly record struct StayOutcome(FeeQuote Quote, StaysBefore Next);

/// <summary>What the car's stays before this one leave behind.</summary>
/// <param name="Date">On which they ended.</param>
/// <param name="Used">What they cost in that day.</param>
/// <param name="Began">When the last of them began.</param>
internal readonly record struct StaysBefore(DateOnly Date, decimal Used, DateOnly? Began);
