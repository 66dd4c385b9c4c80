(self as unknown as Worker).postMessage("done");
