using ParkingSaaS.Core.Common;

namespace ParkingSaaS.Core.Service;

/// <summary>An appeal about this stay is open already.</summary>
public sealed record AppealOpen() : Error("service.appeal-open");

/// <summary>The appeal has been answered.</summary>
public sealed record AppealAnswered() : Error("service.appeal-answered");

/// <summary>The stay has no fee that anybody could find wrong.</summary>
public sealed record NothingToAppeal() : Error("service.nothing-to-appeal");
