using System.Globalization;
using ParkingSaaS.Core.Common;

namespace ParkingSaaS.Core.Finance.Clearing;

/// <summary>A day of the period is not over, or not proven yet.</summary>
public sealed record DaysNotProven() : Error("finance.days-not-proven");

/// <summary>Days of the period are shared out already.</summary>
/// <param name="To">The last such day.</param>
public sealed record DaysCleared(DateOnly To) : Error("finance.days-cleared", To.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture));

/// <summary>No lot has an agreement for the period, or nothing came in where one has.</summary>
public sealed record NothingToShare() : Error("finance.nothing-to-share");

/// <summary>A party has its money already, so what it was for stays.</summary>
public sealed record StatementPaid() : Error("finance.statement-paid");

/// <summary>The statement was taken back.</summary>
public sealed record StatementVoided() : Error("finance.statement-voided");
