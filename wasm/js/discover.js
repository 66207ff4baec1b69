// For resolvers that know no "exports".

export * from "./discovery/discover.js";
