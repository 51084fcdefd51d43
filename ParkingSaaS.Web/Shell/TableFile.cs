using Microsoft.AspNetCore.Components.Forms;
using ParkingSaaS.Core.Common;

namespace ParkingSaaS.Web.Shell;

/// <summary>Tables that people upload.</summary>
public static class TableFile
{
    /// <summary>What a field for them offers.</summary>
    public const string Accept = ".csv,.txt,.xlsx,.xls";

    /// <summary>The text of the table, see <see cref="TextTable.Open"/>.</summary>
    /// <param name="file">The file that was chosen.</param>
    /// <param name="max">The most bytes of it, and characters of its text.</param>
    public static async Task<Result<string>> ReadTableAsync(this IBrowserFile file, int max)
    {
        if (file.Size > max)
            return new FileTooLarge();
        return TextTable.Open(await file.ReadAsync(max), max);
    }

    /// <summary>Reads all of a file whose size was looked at before.</summary>
    /// <param name="max">The most bytes of it; for a larger one it throws.</param>
    public static async Task<byte[]> ReadAsync(this IBrowserFile file, long max)
    {
        using var content = new MemoryStream((int)file.Size);
        await using (var upload = file.OpenReadStream(max))
            await upload.CopyToAsync(content);
        return content.ToArray();
    }
}
