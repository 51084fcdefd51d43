using System.Runtime.ExceptionServices;
using AngleSharp.Dom;
using AngleSharp.Html.Parser;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Forms;
using Microsoft.AspNetCore.Components.HtmlRendering.Infrastructure;
using Microsoft.AspNetCore.Components.RenderTree;
using Microsoft.AspNetCore.Components.Web;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.JSInterop;
using ParkingSaaS.Web.Shell;
using Radzen;

#pragma warning disable BL0006 // the frames of the render tree are the only way to an element's handlers

namespace ParkingSaaS.Tests.Infrastructure;

/// <summary>Renders a component with its services and no browser: runs its life cycle, fires events, reads the markup.</summary>
public sealed class TestRenderer : IAsyncDisposable
{
    readonly ServiceProvider? own;
    readonly IServiceProvider services;
    readonly Live live;
    int root;

    /// <param name="configure">What the component needs besides texts, dialogs and notices.</param>
    public TestRenderer(Action<IServiceCollection>? configure = null)
    {
        var collection = new ServiceCollection();
        collection.AddLogging().AddLocalization().AddRadzenComponents().AddScoped<Notice>().AddScoped<PageCurrency>();
        collection.AddSingleton<IJSRuntime, NoBrowser>().AddSingleton<NavigationManager>(new NoNavigation("http://localhost/"));
        configure?.Invoke(collection);
        services = own = collection.BuildServiceProvider();
        live = new Live(services);
    }

    /// <param name="services">Those of a running program.</param>
    public TestRenderer(IServiceProvider services) => (this.services, live) = (services, new Live(services));

    /// <summary>A service that the component got.</summary>
    public T Get<T>() where T : notnull => services.GetRequiredService<T>();

    /// <summary>Renders and waits until nothing is pending.</summary>
    public Task RenderAsync<T>(params (string Name, object? Value)[] parameters) where T : IComponent => RenderAsync(typeof(T), parameters);

    /// <inheritdoc cref="RenderAsync{T}"/>
    public Task RenderAsync(Type component, params (string Name, object? Value)[] parameters) =>
        live.Dispatcher.InvokeAsync(() =>
        live.BeginAsync(component, ParameterView.FromDictionary(parameters.ToDictionary(p => p.Name, p => p.Value)), out root));

    /// <summary>The markup as it stands.</summary>
    public Task<IDocument> DomAsync() => live.Dispatcher.InvokeAsync<IDocument>(() =>
    {
        using var html = new StringWriter();
        live.Write(root, html);
        return new HtmlParser().ParseDocument(html.ToString());
    });

    /// <summary>Waits for a rendering in which the element is there: what starts after a rendering is waited for by nobody else.</summary>
    public Task<IDocument> UntilAsync(string selector) => UntilAsync(dom => dom.QuerySelector(selector) is not null, selector);

    /// <summary>Waits for a rendering of which that holds.</summary>
    public async Task<IDocument> UntilAsync(Func<IDocument, bool> so, string words)
    {
        while (true)
        {
            var next = live.NextRendering;
            var dom = await DomAsync();
            if (so(dom))
                return dom;
            await next.InTimeAsync(words: $"{words}, in {dom.Body!.TextContent}");
        }
    }

    /// <summary>Fires an event on the first element that has the attribute and handles the event.</summary>
    public Task FireAsync(string attribute, string value, string handler, EventArgs? args = null) =>
        live.Dispatcher.InvokeAsync(() =>
        live.DispatchEventAsync(live.Find(root, attribute, value, handler)
            ?? throw new InvalidOperationException($"No {handler} on [{attribute}={value}]"), null, args ?? EventArgs.Empty));

    /// <summary>Chooses a file in the only field for files.</summary>
    public Task ChooseAsync(IBrowserFile file) => live.Dispatcher.InvokeAsync(() =>
        live.Components(root).OfType<InputFile>().Single().OnChange.InvokeAsync(new([file])));

    public async ValueTask DisposeAsync()
    {
        await live.Dispatcher.InvokeAsync(live.Dispose);
        if (own is not null)
            await own.DisposeAsync();
    }

    sealed class Live(IServiceProvider services) : StaticHtmlRenderer(services, NullLoggerFactory.Instance)
    {
        TaskCompletionSource rendered = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task NextRendering => Volatile.Read(ref rendered).Task;

        // A finished task here is what makes OnAfterRender run.
        protected override Task UpdateDisplayAsync(in RenderBatch batch)
        {
            Interlocked.Exchange(ref rendered, new(TaskCreationOptions.RunContinuationsAsynchronously)).SetResult();
            return Task.CompletedTask;
        }

        protected override void HandleException(Exception exception) => ExceptionDispatchInfo.Throw(exception);

        public Task BeginAsync(Type type, ParameterView parameters, out int root)
        {
            root = AssignRootComponentId(InstantiateComponent(type));
            return RenderRootComponentAsync(root, parameters);
        }

        public void Write(int id, TextWriter output) => WriteComponentHtml(id, output);

        public IEnumerable<IComponent> Components(int id)
        {
            var frames = GetCurrentRenderTreeFrames(id);
            for (var i = 0; i < frames.Count; i++)
                if (frames.Array[i].FrameType is RenderTreeFrameType.Component)
                    foreach (var component in Components(frames.Array[i].ComponentId).Prepend(frames.Array[i].Component))
                        yield return component;
        }

        public ulong? Find(int id, string attribute, string value, string handler)
        {
            var frames = GetCurrentRenderTreeFrames(id);
            for (var i = 0; i < frames.Count; i++)
            {
                if (frames.Array[i].FrameType is RenderTreeFrameType.Component
                    && Find(frames.Array[i].ComponentId, attribute, value, handler) is { } inner)
                    return inner;
                if (frames.Array[i].FrameType is not RenderTreeFrameType.Element)
                    continue;
                ulong? found = null;
                var matches = false;
                for (var j = i + 1; j < frames.Count && frames.Array[j].FrameType is RenderTreeFrameType.Attribute; j++)
                {
                    matches |= frames.Array[j].AttributeName == attribute
                        && value.Equals(frames.Array[j].AttributeValue?.ToString());
                    if (frames.Array[j].AttributeName == handler && frames.Array[j].AttributeEventHandlerId > 0)
                        found = frames.Array[j].AttributeEventHandlerId;
                }
                if (matches && found is not null)
                    return found;
            }
            return null;
        }
    }

    /// <summary>Stands at an address, and goes where it is told.</summary>
    internal sealed class NoNavigation : NavigationManager
    {
        public NoNavigation(string at) => Initialize(at, at);

        protected override void SetNavigationLockState(bool value) { }

        protected override void NavigateToCore(string uri, NavigationOptions options) => Uri = ToAbsoluteUri(uri).ToString();
    }

    /// <summary>Scripts do nothing and answer the default.</summary>
    internal sealed class NoBrowser : IJSRuntime, IJSObjectReference
    {
        public ValueTask<T> InvokeAsync<T>(string identifier, object?[]? args) =>
            ValueTask.FromResult(typeof(T) == typeof(IJSObjectReference) ? (T)(object)this : default!);

        public ValueTask<T> InvokeAsync<T>(string identifier, CancellationToken ct, object?[]? args) =>
            InvokeAsync<T>(identifier, args);

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
