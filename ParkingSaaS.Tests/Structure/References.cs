using System.Collections.Immutable;
using System.Reflection;
using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;
using System.Reflection.PortableExecutable;

namespace ParkingSaaS.Tests.Structure;

/// <summary>Which types, and which methods and fields as <c>Type::Member</c>, the types of an assembly name: in bases, signatures, attributes and code.
/// Read out of the compiled file, so that neither an alias nor a local variable hides one.</summary>
sealed class References : ISignatureTypeProvider<ImmutableHashSet<string>, object?>
{
    readonly PEReader file;
    readonly MetadataReader metadata;

    References(string path)
    {
        file = new PEReader(File.OpenRead(path));
        metadata = file.GetMetadataReader();
    }

    /// <summary>For each type that is not nested, by full name, the full names of those that it and what is nested in it name.</summary>
    public static Dictionary<string, HashSet<string>> Of(Assembly assembly)
    {
        var references = new References(assembly.Location);
        using (references.file)
            return references.Read();
    }

    Dictionary<string, HashSet<string>> Read()
    {
        var found = new Dictionary<string, HashSet<string>>();
        foreach (var handle in metadata.TypeDefinitions)
        {
            var owner = NameOf(handle);
            var names = found.TryGetValue(owner, out var set) ? set : found[owner] = [];
            var type = metadata.GetTypeDefinition(handle);
            names.UnionWith(NamesOf(type.BaseType));
            foreach (var i in type.GetInterfaceImplementations())
                names.UnionWith(NamesOf(metadata.GetInterfaceImplementation(i).Interface));
            foreach (var f in type.GetFields())
                names.UnionWith(metadata.GetFieldDefinition(f).DecodeSignature(this, null));
            foreach (var m in type.GetMethods())
                names.UnionWith(NamesOf(metadata.GetMethodDefinition(m)));
            foreach (var a in type.GetCustomAttributes())
                names.UnionWith(NamesOf(metadata.GetCustomAttribute(a).Constructor));
        }
        return found;
    }

    IEnumerable<string> NamesOf(MethodDefinition method)
    {
        var names = new HashSet<string>(Flat(method.DecodeSignature(this, null)));
        if (method.RelativeVirtualAddress == 0)
            return names;
        var body = file.GetMethodBody(method.RelativeVirtualAddress);
        if (!body.LocalSignature.IsNil)
            foreach (var local in metadata.GetStandaloneSignature(body.LocalSignature).DecodeLocalSignature(this, null))
                names.UnionWith(local);
        foreach (var token in IntermediateCode.Tokens(body.GetILBytes()!))
            names.UnionWith(NamesOf(MetadataTokens.EntityHandle(token)));
        return names;
    }

    IEnumerable<string> NamesOf(EntityHandle handle) => handle.IsNil ? [] : handle.Kind switch
    {
        HandleKind.TypeDefinition => [NameOf((TypeDefinitionHandle)handle)],
        HandleKind.TypeReference => [NameOf((TypeReferenceHandle)handle)],
        HandleKind.TypeSpecification => metadata.GetTypeSpecification((TypeSpecificationHandle)handle).DecodeSignature(this, null),
        HandleKind.MethodDefinition => WithMember([NameOf(metadata.GetMethodDefinition((MethodDefinitionHandle)handle).GetDeclaringType())],
            metadata.GetMethodDefinition((MethodDefinitionHandle)handle).Name),
        HandleKind.FieldDefinition => [NameOf(metadata.GetFieldDefinition((FieldDefinitionHandle)handle).GetDeclaringType())],
        HandleKind.MemberReference => WithMember([.. NamesOf(metadata.GetMemberReference((MemberReferenceHandle)handle).Parent)],
            metadata.GetMemberReference((MemberReferenceHandle)handle).Name),
        HandleKind.MethodSpecification => NamesOf(metadata.GetMethodSpecification((MethodSpecificationHandle)handle).Method)
            .Concat(metadata.GetMethodSpecification((MethodSpecificationHandle)handle).DecodeSignature(this, null).SelectMany(x => x)),
        _ => []
    };

    IEnumerable<string> WithMember(string[] types, StringHandle name) => types.Concat(types.Select(t => $"{t}::{metadata.GetString(name)}"));

    string NameOf(TypeDefinitionHandle handle)
    {
        var type = metadata.GetTypeDefinition(handle);
        return type.GetDeclaringType() is { IsNil: false } outer
            ? NameOf(outer)
            : $"{metadata.GetString(type.Namespace)}.{metadata.GetString(type.Name)}";
    }

    string NameOf(TypeReferenceHandle handle)
    {
        var type = metadata.GetTypeReference(handle);
        return type.ResolutionScope.Kind is HandleKind.TypeReference
            ? NameOf((TypeReferenceHandle)type.ResolutionScope)
            : $"{metadata.GetString(type.Namespace)}.{metadata.GetString(type.Name)}";
    }

    static IEnumerable<string> Flat(MethodSignature<ImmutableHashSet<string>> signature) =>
        signature.ParameterTypes.Append(signature.ReturnType).SelectMany(x => x);

    public ImmutableHashSet<string> GetArrayType(ImmutableHashSet<string> elementType, ArrayShape shape) => elementType;
    public ImmutableHashSet<string> GetByReferenceType(ImmutableHashSet<string> elementType) => elementType;
    public ImmutableHashSet<string> GetFunctionPointerType(MethodSignature<ImmutableHashSet<string>> signature) => [.. Flat(signature)];
    public ImmutableHashSet<string> GetGenericInstantiation(ImmutableHashSet<string> genericType,
        ImmutableArray<ImmutableHashSet<string>> typeArguments) => [.. genericType, .. typeArguments.SelectMany(x => x)];
    public ImmutableHashSet<string> GetGenericMethodParameter(object? genericContext, int index) => [];
    public ImmutableHashSet<string> GetGenericTypeParameter(object? genericContext, int index) => [];
    public ImmutableHashSet<string> GetModifiedType(ImmutableHashSet<string> modifier, ImmutableHashSet<string> unmodifiedType,
        bool isRequired) => unmodifiedType;
    public ImmutableHashSet<string> GetPinnedType(ImmutableHashSet<string> elementType) => elementType;
    public ImmutableHashSet<string> GetPointerType(ImmutableHashSet<string> elementType) => elementType;
    public ImmutableHashSet<string> GetPrimitiveType(PrimitiveTypeCode typeCode) => [];
    public ImmutableHashSet<string> GetSZArrayType(ImmutableHashSet<string> elementType) => elementType;
    public ImmutableHashSet<string> GetTypeFromDefinition(MetadataReader reader, TypeDefinitionHandle handle, byte rawTypeKind) =>
        [NameOf(handle)];
    public ImmutableHashSet<string> GetTypeFromReference(MetadataReader reader, TypeReferenceHandle handle, byte rawTypeKind) =>
        [NameOf(handle)];
    public ImmutableHashSet<string> GetTypeFromSpecification(MetadataReader reader, object? genericContext,
        TypeSpecificationHandle handle, byte rawTypeKind) => reader.GetTypeSpecification(handle).DecodeSignature(this, genericContext);
}
