// Jest runs specs in a realm of their own, but its structuredClone makes objects of the outer one, whose constructor is
// another Object. oidc-provider clones its clients and then asks `constructor === Object`: so clones are made here.
const outer = globalThis.structuredClone;
const copy = (value) => {
  if (Array.isArray(value)) return value.map(copy);
  if (value?.constructor === Object)
    return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, copy(one)]));
  return typeof value === 'object' && value !== null ? outer(value) : value;
};
globalThis.structuredClone = copy;
