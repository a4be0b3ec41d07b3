"""As much of micropython-lib's unittest as tests/device/on_wand.py uses, with its words.

Stands in for it on the Unix port, where nothing is fetched; a wand gets the real one by
`mpremote mip install unittest`.
"""

import sys


class SkipTest(Exception):
    pass


class TestCase:
    def assertEqual(self, x, y, msg=""):
        assert x == y, msg or "%r vs (expected) %r" % (x, y)

    def assertGreaterEqual(self, x, y, msg=None):
        assert x >= y, msg or "%r is expected to be >= %r" % (x, y)

    def assertIsNone(self, x, msg=""):
        assert x is None, msg or "%r is not None" % x

    def assertTrue(self, x, msg=""):
        assert x, msg or "Expected %r to be True" % x


def skipUnless(cond, msg):
    def skipped(function):
        def skips(self):
            raise SkipTest(msg)

        return function if cond else skips

    return skipped


class TestResult:
    def __init__(self):
        self.testsRun = self.failuresNum = self.errorsNum = self.skippedNum = 0
        self.errors = []

    def wasSuccessful(self):
        return self.errorsNum == 0 and self.failuresNum == 0


def _run(case, name, suite, result):
    print("%s (%s) ..." % (name, suite), end="")
    result.testsRun += 1
    try:
        getattr(case, name)()
        print(" ok")
    except SkipTest as reason:
        result.skippedNum += 1
        print(" skipped:", reason.args[0])
    except AssertionError as failure:
        result.failuresNum += 1
        result.errors.append(failure)
        print(" FAIL")
    except Exception as error:
        result.errorsNum += 1
        result.errors.append(error)
        print(" ERROR")


def main(module="__main__", testRunner=None):
    module = __import__(module)
    result = TestResult()
    for found in [getattr(module, name) for name in dir(module)]:
        if isinstance(found, type) and issubclass(found, TestCase):
            case = found()
            for name in dir(case):
                if name.startswith("test"):
                    _run(case, name, module.__name__ + "." + found.__name__, result)
    for error in result.errors:
        sys.print_exception(error)
    print("Ran %d tests\n" % result.testsRun)
    print("OK" if result.wasSuccessful() else "FAILED")
    return result
