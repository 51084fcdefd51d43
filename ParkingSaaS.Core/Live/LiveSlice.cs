using Microsoft.Extensions.DependencyInjection;
using ParkingSaaS.Core.Common;

namespace ParkingSaaS.Core.Live;

/// <summary>What pages hear.</summary>
sealed class LiveSlice : ISlice
{
    public void AddServices(IServiceCollection services) => services.AddSingleton<LiveFeed>();
}
