// The script of the .NET 9 runtime pack reports the state of a lost connection through the dialog's class only.
const dialog = document.getElementById("components-reconnect-modal");
if (dialog) new MutationObserver(() => {
  const state = dialog.className.match(/components-reconnect-(show|hide|failed|rejected)/)?.[1];
  if (state === "show" && !dialog.open) dialog.showModal();
  if (state === "hide" && dialog.open) dialog.close();
  if (state === "failed" || state === "rejected") location.reload();
}).observe(dialog, { attributes: true, attributeFilter: ["class"] });

// Until somebody chooses, the page is as light or dark as the rest of their screen.
if (!document.cookie.includes("theme=") && matchMedia("(prefers-color-scheme: dark)").matches) {
  document.cookie = "theme=standard-dark;path=/;max-age=31536000;samesite=lax";
  location.reload();
}
