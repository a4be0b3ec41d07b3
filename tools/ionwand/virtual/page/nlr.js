// MicroPython's exceptions inside WebAssembly: three times the speed, the same result.
//
// MicroPython's build for the browser guards every call of a Python function through JavaScript
// ("invoke_*" imports: try, catch, a look into the table, with an assertion). Here a module of a
// few hundred bytes, assembled on the spot, does the same with WebAssembly's own try and throw.
// Without that feature, in a browser older than 2022, the JavaScript versions stay in place.

const NLR = (() => {
  const I32 = 0x7f;
  const VOID = 0x40;
  const GET_SP = 0; // places in the table of helpers
  const SET_SP = 1;
  const SET_THREW = 2;
  const THROW = "_emscripten_throw_longjmp";

  const leb = (number) => {
    const bytes = [];
    do {
      const rest = number >>> 7;
      bytes.push((number & 0x7f) | (rest ? 0x80 : 0));
      number = rest;
    } while (number);
    return bytes;
  };
  const vector = (items) => [...leb(items.length), ...items.flat()];
  const section = (id, body) => [id, ...leb(body.length), ...body];
  const text = (name) => vector([...name].map((char) => [char.charCodeAt(0)]));

  // invoke_<result><arguments>(index, arguments): calls entry `index` of the function table.
  function assemble(names) {
    const types = [];
    const type = (count, result) => {
      const bytes = [0x60, ...vector(Array(count).fill([I32])), ...vector(result ? [[I32]] : [])];
      const same = types.findIndex((known) => String(known) === String(bytes));
      return same >= 0 ? same : types.push(bytes) - 1;
    };
    const [none, get, set1, set2] = [type(0, false), type(0, true), type(1, false), type(2, false)];
    const helper = (place, kind) => [0x41, place, 0x11, ...leb(kind), 1];
    const functions = [];
    const bodies = [];
    const exported = [];
    const add = (name, kind, body) => {
      exported.push([...text(name), 0, ...leb(functions.length)]);
      functions.push(leb(kind));
      bodies.push([...leb(body.length), ...body]);
    };
    for (const name of names) {
      const result = name[7] === "i";
      const count = name.length - 8;
      const sp = count + 1; // a local behind the parameters
      const restore = [0x20, ...leb(sp), ...helper(SET_SP, set1)];
      const args = Array.from({ length: count }, (_, i) => [0x20, ...leb(i + 1)]).flat();
      add(name, type(count + 1, result), [
        1, 1, I32, // one local: the stack pointer
        ...helper(GET_SP, get), 0x21, ...leb(sp),
        0x06, result ? I32 : VOID, // try
        ...args, 0x20, 0, 0x11, ...leb(type(count, result)), 0, // call_indirect
        0x07, 0, // catch a longjmp
        ...restore, 0x41, 1, 0x41, 0, ...helper(SET_THREW, set2), ...(result ? [0x41, 0] : []),
        0x19, ...restore, 0x09, 0, // catch_all: a JavaScript exception goes on
        0x0b, 0x0b,
      ]);
    }
    add(THROW, none, [0, 0x08, 0, 0x0b]);
    exported.push([...text("functions"), 1, 0], [...text("helpers"), 1, 1]);
    return new Uint8Array([
      0, 0x61, 0x73, 0x6d, 1, 0, 0, 0,
      ...section(1, vector(types)),
      ...section(3, vector(functions)),
      ...section(4, vector([[0x70, 0, 0], [0x70, 0, 3]])),
      ...section(13, vector([[0, ...leb(none)]])), // the longjmp's tag
      ...section(7, vector(exported)),
      ...section(10, vector(bodies)),
    ]);
  }

  // Puts the functions in place of JavaScript's; returns what connects them to the instance.
  function replace(env) {
    const names = Object.keys(env).filter((name) => /^invoke_[iv]i*$/.test(name));
    if (!names.length || !(THROW in env)) return null;
    const own = new WebAssembly.Instance(new WebAssembly.Module(assemble(names))).exports;
    for (const name of [...names, THROW]) env[name] = own[name];
    return (main) => {
      const table = main.__indirect_function_table;
      own.functions.grow(table.length);
      for (let i = 0; i < table.length; i++) own.functions.set(i, table.get(i));
      own.helpers.set(GET_SP, main.emscripten_stack_get_current);
      own.helpers.set(SET_SP, main._emscripten_stack_restore);
      own.helpers.set(SET_THREW, main.setThrew);
    };
  }

  // From now on every module that asks for these imports gets the faster ones; `loaded` gets
  // what it exports.
  function install(loaded) {
    const instantiate = WebAssembly.instantiate;
    WebAssembly.instantiate = async (bytes, imports) => {
      let connect = null;
      try {
        if (imports?.env) connect = replace(imports.env);
      } catch (error) {
        if (!(error instanceof WebAssembly.CompileError)) throw error; // an older browser
      }
      const made = await instantiate.call(WebAssembly, bytes, imports);
      const exported = (made.instance ?? made).exports;
      connect?.(exported);
      loaded(exported);
      return made;
    };
    WebAssembly.instantiateStreaming = async (response, imports) =>
      WebAssembly.instantiate(await (await response).arrayBuffer(), imports);
  }

  return { install };
})();
