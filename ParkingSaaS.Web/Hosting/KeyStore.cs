using System.Xml.Linq;
using Microsoft.AspNetCore.DataProtection.Repositories;
using Microsoft.EntityFrameworkCore;
using ParkingSaaS.Core.Storage;

namespace ParkingSaaS.Web.Hosting;

/// <summary>Keeps the keys that protect cookies and tokens in the control database, so that they outlive a restart and all nodes
/// share them. The interface knows no asynchronous call; it is asked once a day.</summary>
sealed class KeyStore(IDbContextFactory<ControlDb> control) : IXmlRepository
{
    public IReadOnlyCollection<XElement> GetAllElements()
    {
        using var db = control.CreateDbContext();
        return [.. db.ProtectionKeys.Select(k => k.Xml).AsEnumerable().Select(xml => XElement.Parse(xml))];
    }

    public void StoreElement(XElement element, string friendlyName)
    {
        using var db = control.CreateDbContext();
        db.ProtectionKeys.Add(new ProtectionKey { Name = friendlyName, Xml = element.ToString(SaveOptions.DisableFormatting) });
        db.SaveChanges();
    }
}
