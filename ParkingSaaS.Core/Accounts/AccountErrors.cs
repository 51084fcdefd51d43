using ParkingSaaS.Core.Common;

namespace ParkingSaaS.Core.Accounts;

/// <summary>Nobody gives a role, or changes an account, that reaches further than their own.</summary>
public sealed record MoreThanYourOwn() : Error("accounts.more-than-your-own");

/// <summary>People do not switch off or demote themselves by mistake.</summary>
public sealed record YourOwnAccount() : Error("accounts.your-own");

/// <summary>A city keeps at least one administrator who can sign in.</summary>
public sealed record LastCityAdministrator() : Error("accounts.last-city-administrator");
