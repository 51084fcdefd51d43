namespace ParkingSaaS.Web.Shell;

/// <summary>Something to choose in a form.</summary>
/// <param name="Name">What the list shows; areas with those above them, <c>Shenzhen / Nanshan</c>.</param>
public sealed record Choice(Guid Id, string Name);
