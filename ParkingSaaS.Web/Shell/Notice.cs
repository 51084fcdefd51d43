using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.Localization;
using ParkingSaaS.Core.Common;
using ParkingSaaS.Core.Vehicles;
using MudBlazor;

namespace ParkingSaaS.Web.Shell;

/// <summary>Says at the edge of the screen how something went, and asks before what hurts.</summary>
public sealed class Notice(ISnackbar snackbar, IDialogService dialogs, IStringLocalizer<Texts> texts, PageNames names, ILogger<Notice> log)
{
    /// <summary>It is done.</summary>
    public void Done(string text) => snackbar.Add(text, Severity.Success, options => options.VisibleStateDuration = 4000);

    /// <summary>It was refused, or failed.</summary>
    public void Failed(string text) => snackbar.Add(text, Severity.Error, options => options.VisibleStateDuration = 8000);

    /// <summary>A rule said no; nothing is said where it was the person.</summary>
    public void Failed(Error error)
    {
        if (error is not Declined)
            Failed(texts.Of(error, names));
    }

    /// <summary>It is done, and for ten seconds can be undone, once.</summary>
    /// <param name="undo">The opposite use case, with what the page does after it; null when it did.</param>
    public void Done(string text, Func<Task<Error?>> undo)
    {
        var asked = false;
        snackbar.Add(text, Severity.Success, options =>
        {
            (options.VisibleStateDuration, options.RequireInteraction) = (10_000, false);
            (options.Action, options.ActionColor) = (texts["Undo"], Color.Inherit);
            options.OnClick = _ => asked ? Task.CompletedTask : UndoAsync();
        });

        async Task UndoAsync()
        {
            asked = true;
            try
            {
                if (await undo() is { } error)
                    Failed(error);
                else
                    Done(texts["Undone."]);
            }
            catch (Exception e) when (e is not SignedOutException)
            {
                // Nobody waits for what a notice does.
                log.LogError(e, "Something could not be undone");
                Failed(texts["Something went wrong here. It has been logged; you can try again."]);
            }
        }
    }

    /// <summary>Says how a use case ended; true when it did what was asked.</summary>
    /// <param name="done">What to say then.</param>
    /// <param name="undo">See <see cref="Done(string, Func{Task{Error?}})"/>; null where it cannot be undone.</param>
    public bool Show<T>(Result<T> result, string done, Func<Task<Error?>>? undo = null)
    {
        if (result.Error is { } error)
            Failed(error);
        else if (undo is null)
            Done(done);
        else
            Done(done, undo);
        return result.Ok;
    }

    /// <summary>Asks; true when the person agrees.</summary>
    /// <param name="question">What will happen, with the name of what it happens to.</param>
    /// <param name="action">The button, a verb: <c>Retire</c>.</param>
    public async Task<bool> ConfirmAsync(string question, string action) =>
        await dialogs.ShowMessageBoxAsync(new MessageBoxOptions { Title = action, Message = question, YesText = action, CancelText = texts["Cancel"] }) is true;

    /// <summary>Runs what takes a plate that the person typed. Where it has no known form the person is asked once, and on yes it is taken
    /// as a foreign one; on no the answer is <see cref="Declined"/>, which forms and notices do not say.</summary>
    /// <param name="run">The use case; true where the person said yes.</param>
    public async Task<Result<T>> AskForeignAsync<T>(Func<bool, Task<Result<T>>> run)
    {
        var result = await run(false);
        if (result.Error is not ForeignPlate foreign)
            return result;
        return await ConfirmAsync(texts.Of(foreign), texts["Take it as a foreign plate"]) ? await run(true) : new Declined();
    }

    /// <summary>Asks why, then does it; true when it was done.</summary>
    /// <param name="action">The button, a verb: <c>Strike out</c>.</param>
    /// <param name="question">What will happen.</param>
    /// <param name="run">The use case, with the reason.</param>
    /// <param name="suggestions">Reasons that are common, the most likely first: it stands there already.</param>
    public Task<bool> AskReasonAsync(string action, string question, Func<string, Task<Error?>> run, params string[] suggestions) =>
        AskReasonAsync(action, action, question, run, suggestions);

    /// <summary>As above, where the dialog is not called by its button.</summary>
    public Task<bool> AskReasonAsync(string title, string action, string question, Func<string, Task<Error?>> run, params string[] suggestions) =>
        EditAsync<ReasonForm>(title, (nameof(ReasonForm.Action), action), (nameof(ReasonForm.Question), question),
            (nameof(ReasonForm.Suggestions), suggestions), (nameof(ReasonForm.Suggest), true), (nameof(ReasonForm.Run), run));

    /// <summary>Opens a form in a dialog; true when it was saved.</summary>
    public Task<bool> EditAsync<TForm>(string title, params (string Name, object? Value)[] parameters) where TForm : ComponentBase =>
        OpenAsync<TForm>(title, MaxWidth.Small, parameters);

    /// <summary>Opens in a dialog what wants more room than a form; true when something was done there.</summary>
    public Task<bool> ShowAsync<TPart>(string title, params (string Name, object? Value)[] parameters) where TPart : ComponentBase =>
        OpenAsync<TPart>(title, MaxWidth.Medium, parameters);

    async Task<bool> OpenAsync<TPart>(string title, MaxWidth width, (string Name, object? Value)[] parameters)
    {
        var dialog = await dialogs.ShowAsync<FormDialog>(title,
            new DialogParameters<FormDialog> { { d => d.Form, typeof(TPart) }, { d => d.Parameters, parameters.ToDictionary(p => p.Name, p => p.Value) } },
            new DialogOptions { MaxWidth = width, FullWidth = true, BackdropClick = false, CloseOnEscapeKey = false });
        return await dialog.Result is { Canceled: false };
    }
}

/// <summary>The person was asked, and said no: nothing was done, and there is nothing to say.</summary>
public sealed record Declined() : Error("declined");
