namespace ParkingSaaS.Web.Shell;

/// <summary>What was said once for many rows.</summary>
/// <param name="Reason">Why; empty where it was not asked.</param>
/// <param name="Day">A day; null where none was asked.</param>
public sealed record ManyAnswer(string Reason, DateOnly? Day);
