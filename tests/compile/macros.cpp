// Names that other libraries define as macros, defined between the standard headers, xsimd and xact. Left out are those
// that hide a function of the standard library's or of xsimd's that xact calls: Arduino's abs(x) and round(x).

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <iterator>
#include <limits>
#include <optional>
#include <ranges>
#include <span>
#include <stdexcept>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <utility>
#include <vector>
#include <xsimd/xsimd.hpp>

// windows.h
#define near
#define far
#define small char
#define hyper long
#define interface struct
#define min(a, b) (((a) < (b)) ? (a) : (b))
#define max(a, b) (((a) > (b)) ? (a) : (b))
#define IN
#define OUT
#define OPTIONAL
#define CONST const
#define VOID void
#define CALLBACK
#define ERROR 0
#define DIFFERENCE 11
#define NO_ERROR 0
#define STRICT 1
#define DELETE 0x00010000L
#define IGNORE 0
#define INFINITE 0xffffffff
#define TRANSPARENT 1
#define OPAQUE 2
#define RELATIVE 2
#define ABSOLUTE 1
#define pascal
#define cdecl
// complex.h, math.h
#define I _Complex_I
#define complex _Complex
#define OVERFLOW 3
#define UNDERFLOW 4
#define DOMAIN 1
#define SING 2
#define TLOSS 5
#define PLOSS 6
#define HUGE 3.40282347e+38F
#define EPSILON 1e-6
// Arduino.h
#define F(text) text
#define B0 0
#define B1 1
#define B00 0
#define B01 1
#define B10 2
#define B11 3
#define bit(b) (1UL << (b))
#define sq(x) ((x) * (x))
#define radians(x) ((x)*0.01745)
#define degrees(x) ((x)*57.29)
#define constrain(x, low, high) ((x) < (low) ? (low) : ((x) > (high) ? (high) : (x)))
#define lowByte(w) ((unsigned char)((w)&0xff))
#define highByte(w) ((unsigned char)((w) >> 8))
#define bitRead(value, bit) (((value) >> (bit)) & 1)
#define PI 3.14159265358979
#define HALF_PI 1.57079632679
#define TWO_PI 6.28318530718
#define EULER 2.718281828459
#define HIGH 1
#define LOW 0
#define INPUT 0
#define OUTPUT 1
#define SERIAL 0
#define DISPLAY 1
#define LSBFIRST 0
#define MSBFIRST 1
#define CHANGE 1
#define FALLING 2
#define RISING 3
#define DEFAULT 1
#define EXTERNAL 0
#define INTERNAL 3
#define interrupts() sei()
// <ctype.h> of some C libraries
#define _U 01
#define _L 02
#define _N 04
#define _S 010
#define _P 020
#define _C 040
#define _X 0100
#define _B 0200
// X11/X.h, X11/Xlib.h
#define None 0L
#define Bool int
#define Status int
#define Success 0
#define True 1
#define False 0
#define Always 2
#define Above 0
#define Below 1
#define Complex 0
#define Convex 2
#define Nonconvex 1
#define Unsorted 0
#define Button1 1
#define ControlMask 4
#define CurrentTime 0L
#define CursorShape 0
#define Expose 12
#define FocusIn 9
#define FocusOut 10
#define GrayScale 1
#define InputFocus 1L
#define KeyPress 2
#define Never 0
#define NotUseful 0
#define ParentRelative 1L
#define PointerRoot 1L
#define Opposite 4
#define TopIf 2
#define BottomIf 3
#define WhenMapped 1
#define Unmap 4
// termios.h, sys/param.h, syslog.h
#define ECHO 010
#define MIN(a, b) ((a) < (b) ? (a) : (b))
#define MAX(a, b) ((a) > (b) ? (a) : (b))
// macOS's AssertMacros.h, Linux's kernel style, Unreal
#define check(x) x
#define verify(x) x
#define require(x, label) x
#define likely(x) x
#define unlikely(x) x

#include <xact/xact.hpp>
