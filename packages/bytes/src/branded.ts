declare const brand: unique symbol;

/** A value that only its parser can make: `Branded<string, 'Address'>` is a string, a string is not one of these. */
export type Branded<Value, Tag extends string> = Value & { readonly [brand]: Tag };
