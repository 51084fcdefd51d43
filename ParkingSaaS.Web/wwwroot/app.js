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

// Fetches a file that is made on demand and saves it under the name the server gives it. Meanwhile `progress` says how much has come,
// and of how many rows where the server says so (`ofRows`: "{0} rows, {1} MB").
// Answers null, or what the server said instead of the file.
async function download(url, progress, ofRows) {
  try {
    const answer = await fetch(url);
    if (answer.redirected) return location.reload(), null; // signed out meanwhile
    if (!answer.ok) return await answer.text();
    const parts = [], reader = answer.body.getReader();
    const rows = answer.headers.get("X-Rows");
    for (let size = 0, part; !(part = await reader.read()).done;) {
      parts.push(part.value);
      const megabytes = ((size += part.value.length) / 1048576).toFixed(1);
      progress.textContent = rows ? ofRows.replace("{0}", (+rows).toLocaleString()).replace("{1}", megabytes) : `${megabytes} MB`;
    }
    const link = document.createElement("a");
    const name = answer.headers.get("Content-Disposition")?.match(/filename\*=UTF-8''([^;]+)/)?.[1];
    link.download = name ? decodeURIComponent(name) : "";
    link.href = URL.createObjectURL(new Blob(parts, { type: answer.headers.get("Content-Type") }));
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
    return null;
  } catch {
    return "";
  } finally {
    progress.textContent = "";
  }
}
window.parking = { ...window.parking, download };
