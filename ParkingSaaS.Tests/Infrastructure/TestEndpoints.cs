using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using ParkingSaaS.Web.Shell;

namespace ParkingSaaS.Tests.Infrastructure;

/// <summary>Addresses that only a test has.</summary>
sealed class TestEndpoints(Action<IEndpointRouteBuilder> map) : IWebSlice
{
    public void MapEndpoints(IEndpointRouteBuilder app) => map(app);
}

/// <summary>How a test adds them.</summary>
static class TestEndpointsSetup
{
    public static IServiceCollection AddEndpoints(this IServiceCollection services, Action<IEndpointRouteBuilder> map) =>
        services.AddSingleton<IWebSlice>(new TestEndpoints(map));
}
