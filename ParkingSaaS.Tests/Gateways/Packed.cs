using System.IO.Compression;

namespace ParkingSaaS.Tests.Gateways;

/// <summary>Files as channels pack them.</summary>
static class Packed
{
    public static byte[] Gzip(byte[] file)
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionMode.Compress))
            gzip.Write(file);
        return packed.ToArray();
    }

    /// <summary>Names in GB 18030, which nothing says.</summary>
    public static byte[] Zip(params (string Name, byte[] File)[] files)
    {
        System.Text.Encoding.RegisterProvider(System.Text.CodePagesEncodingProvider.Instance);
        using var packed = new MemoryStream();
        using (var zip = new ZipArchive(packed, ZipArchiveMode.Create, leaveOpen: true, System.Text.Encoding.GetEncoding("GB18030")))
            foreach (var (name, file) in files)
            {
                using var entry = zip.CreateEntry(name).Open();
                entry.Write(file);
            }
        return packed.ToArray();
    }
}
