using ParkingSaaS.Core.Common;

namespace ParkingSaaS.Core.Messages;

/// <summary>A text names the link, and nobody has said under which address people reach the program: the setting <c>Messages:Address</c>.</summary>
public sealed record NoPublicAddress() : Error("messages.no-public-address");

/// <summary>No account is set up and switched on by which it could be sent.</summary>
public sealed record NoMessageAccount() : Error("messages.no-account");

/// <summary>The city says nothing in that scene.</summary>
public sealed record SceneSwitchedOff() : Error("messages.scene-off");

/// <summary>Nobody knows whose car it is, or how to write to them.</summary>
public sealed record NobodyToTell() : Error("messages.nobody-to-tell");

/// <summary>The car owes nothing of which it may be reminded: nothing at all, or what a person still has to look at.</summary>
public sealed record NothingToRemindOf() : Error("messages.nothing-to-remind-of");

/// <summary>The car was reminded as often as a car may be in a month.</summary>
public sealed record RemindedEnough(int Most) : Error("messages.reminded-enough", Most);

/// <summary>The last reminder was said already.</summary>
public sealed record LastReminderSaid() : Error("messages.last-reminder-said");

/// <summary>What a contract or a law owes the person is told all the same.</summary>
public sealed record MustBeTold() : Error("messages.must-be-told");
