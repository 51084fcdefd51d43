namespace ParkingSaaS.Web.Vehicles;

/// <summary>What a higher room shows on the page of an owner.</summary>
/// <param name="Component">It takes the owner's id as <c>OwnerId</c>, and is made anew when the owner was changed.</param>
/// <param name="Permission">Who does not hold it does not see it.</param>
sealed record OwnerPart(Type Component, string Permission);
