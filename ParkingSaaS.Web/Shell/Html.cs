using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Web;

namespace ParkingSaaS.Web.Shell;

/// <summary>Components as text, outside of any page.</summary>
static class Html
{
    /// <summary>Renders a component once it has all that it waits for, in the culture of the caller.</summary>
    public static async Task<string> RenderAsync<TComponent>(IServiceScopeFactory scopes, ILoggerFactory logs, IDictionary<string, object?> parameters)
        where TComponent : IComponent
    {
        await using var scope = scopes.CreateAsyncScope();
        await using var renderer = new HtmlRenderer(scope.ServiceProvider, logs);
        return await renderer.Dispatcher.InvokeAsync(async () =>
            (await renderer.RenderComponentAsync<TComponent>(ParameterView.FromDictionary(parameters))).ToHtmlString());
    }
}
