"""Writes the checkpoints of this folder as torch.save would, without torch: python3 make.py

A checkpoint is a zip archive that stores, uncompressed, `archive/data.pkl` (a pickle of protocol 2) and
`archive/data/<key>` for the elements of each storage. The pickle refers to storages by persistent ids and makes
tensors by calling torch._utils._rebuild_tensor_v2(storage, offset, shape, strides, requires_grad, hooks).
"""

import io, os, pickle, struct, sys, types, zipfile
from collections import OrderedDict

here = os.path.dirname(os.path.abspath(__file__))

torch, helpers = types.ModuleType("torch"), types.ModuleType("torch._utils")
sys.modules.update({"torch": torch, "torch._utils": helpers})


def named(module, name, value):
    """Makes a global that pickles as module.name."""
    value.__module__, value.__qualname__, value.__name__ = module.__name__, name, name
    setattr(module, name, value)
    return value


def rebuild_tensor(*_):
    raise NotImplementedError


def rebuild_parameter(*_):
    raise NotImplementedError


named(helpers, "_rebuild_tensor_v2", rebuild_tensor)
named(helpers, "_rebuild_parameter", rebuild_parameter)
formats = {"Float": "f", "Double": "d", "Half": "e", "Long": "q", "Int": "i", "Short": "h", "Char": "b", "Byte": "B", "BFloat16": None}
for kind in formats:
    named(torch, kind + "Storage", type(kind + "Storage", (), {}))


class Storage:
    def __init__(self, kind, values):
        self.kind, self.values = kind, values

    def bytes(self):
        if self.kind == "BFloat16":
            return b"".join(struct.pack("<f", v)[2:] for v in self.values)
        return struct.pack(f"<{len(self.values)}{formats[self.kind]}", *self.values)


class Tensor:
    def __init__(self, storage, shape, strides=None, offset=0):
        natural = [1]
        for extent in reversed(shape[1:]):
            natural.insert(0, natural[0] * extent)
        self.made_of = (storage, offset, tuple(shape), tuple(strides or natural[: len(shape)]), False, OrderedDict())

    def __reduce__(self):
        return rebuild_tensor, self.made_of


class Parameter(Tensor):
    def __reduce__(self):
        return rebuild_parameter, (Tensor(self.made_of[0], self.made_of[2]), False, OrderedDict())


class Pickler(pickle.Pickler):
    def __init__(self, file, protocol):
        super().__init__(file, protocol=protocol)
        self.storages = []

    def persistent_id(self, value):
        if not isinstance(value, Storage):
            return None
        if value not in self.storages:
            self.storages.append(value)
        return ("storage", getattr(torch, value.kind + "Storage"), str(self.storages.index(value)), "cpu", len(value.values))


def save(name, value, protocol=2):
    data = io.BytesIO()
    pickler = Pickler(data, protocol)
    pickler.dump(value)
    entries = {"data.pkl": data.getvalue(), "byteorder": b"little", "version": b"3\n"}
    entries.update({f"data/{i}": storage.bytes() for i, storage in enumerate(pickler.storages)})
    with zipfile.ZipFile(os.path.join(here, name + ".pth"), "w", zipfile.ZIP_STORED) as archive:
        for path, content in entries.items():
            archive.writestr(zipfile.ZipInfo(f"archive/{path}", (1980, 1, 1, 0, 0, 0)), content)


def state_dict(**tensors):
    state = OrderedDict((name.replace("__", "."), tensor) for name, tensor in tensors.items())
    state._metadata = OrderedDict({"": {"version": 1}, "model": {"version": 1}})
    return state


def floats(*values):
    return Storage("Float", values)


hidden = Tensor(floats(0.9, -0.4, 0.1, 0.55, -1.2, 0.2, 0.3, -0.05, 0.6, 0.7, -0.8, 0.01), [3, 4])
output = Tensor(floats(0.5, -0.25, 1.0, -0.75, 0.125, 2.0), [2, 3])
scalar = Tensor(floats(1.0), [])

save("perceptron", state_dict(model__1__weight=hidden, model__1__s=Parameter(floats(1.0), []), classifier__weight=output, classifier__s=Tensor(floats(1.0, 2.0), [2, 1])))
save("protocol-4", state_dict(model__1__weight=hidden, model__1__s=Parameter(floats(1.0), []), classifier__weight=output, classifier__s=Tensor(floats(1.0, 2.0), [2, 1])), protocol=4)
save("no-scalars", state_dict(fc1__weight=hidden, fc2__weight=output))
save("bias", state_dict(fc1__weight=hidden, fc1__s=scalar, fc1__bias=Tensor(floats(0, 0, 0), [3]), fc2__weight=output, fc2__s=scalar))

shared = floats(*range(24))
save("views", OrderedDict([
    ("whole", Tensor(shared, [2, 3, 4])),
    ("transposed", Tensor(shared, [4, 3], [1, 4], 12)),
    ("column", Tensor(shared, [3], [4], 1)),
    ("empty", Tensor(floats(), [0, 2])),
    ("half", Tensor(Storage("Half", [1.5, -2.0, 6.103515625e-05, 5.960464477539063e-08]), [4])),
    ("brain", Tensor(Storage("BFloat16", [1.5, -3.0]), [2])),
    ("double", Tensor(Storage("Double", [0.1]), [1])),
    ("long", Tensor(Storage("Long", [-7, 2**40]), [2])),
    ("bytes", Tensor(Storage("Byte", [255]), [1])),
    ("chars", Tensor(Storage("Char", [-1]), [1])),
]))
save("expanded", state_dict(weight=Tensor(floats(1.0), [1 << 20, 1 << 20], [0, 0])))
save("beyond", state_dict(weight=Tensor(floats(1.0, 2.0), [2], [3])))


class Hostile:
    def __reduce__(self):
        return os.system, ("touch hacked",)


class Network:
    pass


Network.__module__ = "models"
sys.modules["models"] = types.ModuleType("models")
sys.modules["models"].Network = Network
save("hostile", state_dict(weight=Hostile()))
save("module", Network())
save("nested", {"epoch": 3, "state": state_dict(weight=hidden)})
