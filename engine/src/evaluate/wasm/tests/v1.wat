(component
  (type $ty-plimsoll:plugin/types@1.0.0 (;0;)
    (instance
      (type (;0;) (enum "debug" "info" "warning" "error"))
      (export (;1;) "level" (type (eq 0)))
      (type (;2;) (record (field "rule" string) (field "params" string)))
      (export (;3;) "wanted" (type (eq 2)))
      (type (;4;) (option string))
      (type (;5;) (option u32))
      (type (;6;) (record (field "loc" u32) (field "field" 4) (field "item" 5)))
      (export (;7;) "place" (type (eq 6)))
      (type (;8;) (record (field "place" 7) (field "message" string)))
      (export (;9;) "related" (type (eq 8)))
      (type (;10;) (list 9))
      (type (;11;) (record (field "place" 7) (field "message" string) (field "subject" 5) (field "level" 4) (field "related" 10)))
      (export (;12;) "finding" (type (eq 11)))
      (type (;13;) (record (field "subject" u32) (field "reason" string)))
      (export (;14;) "unknown" (type (eq 13)))
      (type (;15;) (list 12))
      (type (;16;) (list 14))
      (type (;17;) (record (field "findings" 15) (field "unknowns" 16)))
      (export (;18;) "verdict" (type (eq 17)))
    )
  )
  (import "plimsoll:plugin/types@1.0.0" (instance $plimsoll:plugin/types@1.0.0 (;0;) (type $ty-plimsoll:plugin/types@1.0.0)))
  (alias export $plimsoll:plugin/types@1.0.0 "level" (type $level (;1;)))
  (import "level" (type $"#type2 level" (@name "level") (;2;) (eq $level)))
  (alias export $plimsoll:plugin/types@1.0.0 "wanted" (type $wanted (;3;)))
  (import "wanted" (type $"#type4 wanted" (@name "wanted") (;4;) (eq $wanted)))
  (alias export $plimsoll:plugin/types@1.0.0 "verdict" (type $verdict (;5;)))
  (import "verdict" (type $"#type6 verdict" (@name "verdict") (;6;) (eq $verdict)))
  (type (;7;) (func (param "level" $"#type2 level") (param "message" string)))
  (import "log" (func $log (;0;) (type 7)))
  (core module $main (;0;)
    (type (;0;) (func (param i32 i32 i32)))
    (type (;1;) (func (param i32 i32 i32 i32) (result i32)))
    (type (;2;) (func (result i32)))
    (type (;3;) (func (param i32) (result i32)))
    (type (;4;) (func (param i32)))
    (import "$root" "log" (func $log (;0;) (type 0)))
    (table $table (;0;) 1 funcref)
    (memory (;0;) 32)
    (global $heap (;0;) (mut i32) i32.const 4480)
    (global $calls (;1;) (mut i32) i32.const 0)
    (global $less (;2;) (mut i32) i32.const 0)
    (export "memory" (memory 0))
    (export "cabi_realloc" (func $alloc))
    (export "describe" (func 2))
    (export "check" (func 5))
    (func $alloc (;1;) (type 1) (param i32 i32 i32 i32) (result i32)
      (local $at i32)
      global.get $heap
      i32.const 7
      i32.add
      i32.const -8
      i32.and
      local.set $at
      local.get $at
      local.get 3
      i32.add
      global.set $heap
      global.get $heap
      memory.size
      i32.const 16
      i32.shl
      i32.gt_u
      if ;; label = @1
        local.get 3
        i32.const 16
        i32.shr_u
        i32.const 1
        i32.add
        memory.grow
        drop
      end
      local.get $at
    )
    (func (;2;) (type 2) (result i32)
      i32.const 4380
    )
    (func $deep (;3;) (type 3) (param i32) (result i32)
      local.get 0
      i32.const 1
      i32.add
      call $deep
      i32.const 1
      i32.add
    )
    (func $misbehave (;4;) (type 4) (param $letter i32)
      local.get $letter
      i32.const 108
      i32.eq
      if ;; label = @1
        loop $on
          br $on
        end
      end
      local.get $letter
      i32.const 109
      i32.eq
      if ;; label = @1
        loop $on
          i32.const 16
          memory.grow
          drop
          br $on
        end
      end
      local.get $letter
      i32.const 116
      i32.eq
      if ;; label = @1
        loop $on
          ref.null func
          i32.const 1000
          table.grow $table
          drop
          br $on
        end
      end
      local.get $letter
      i32.const 114
      i32.eq
      if ;; label = @1
        i32.const 0
        call $deep
        drop
      end
      local.get $letter
      i32.const 112
      i32.eq
      if ;; label = @1
        i32.const 3
        i32.const 16
        i32.const 14
        call $log
        unreachable
      end
      local.get $letter
      i32.const 111
      i32.eq
      if ;; label = @1
        i32.const -8
        i32.load
        drop
      end
      local.get $letter
      i32.const 122
      i32.eq
      if ;; label = @1
        i32.const 1
        global.get $less
        i32.div_u
        drop
      end
      unreachable
    )
    (func (;5;) (type 1) (param $facts i32) (param $length i32) (param $rules i32) (param $count i32) (result i32)
      (local $at i32) (local $out i32) (local $letter i32) (local $answer i32)
      i32.const 0
      i32.const 0
      i32.const 4
      local.get $count
      i32.const 20
      i32.mul
      i32.const 8
      i32.add
      call $alloc
      local.set $out
      block $done
        loop $next
          local.get $at
          local.get $count
          i32.eq
          br_if $done
          i32.const 6
          local.get $rules
          local.get $at
          i32.const 4
          i32.shl
          i32.add
          i32.load
          i32.add
          i32.load8_u
          local.set $letter
          local.get $letter
          i32.const 115
          i32.eq
          if ;; label = @3
            global.get $calls
            i32.eqz
            if ;; label = @4
              i32.const 1
              global.set $calls
              unreachable
            end
          end
          local.get $letter
          i32.const 102
          i32.eq
          if ;; label = @3
            i32.const 1
            global.set $less
          end
          local.get $letter
          i32.const 104
          i32.eq
          if ;; label = @3
            i32.const 960
            memory.grow
            drop
          end
          i32.const 1024
          local.get $letter
          i32.const 2
          i32.shl
          i32.add
          i32.load
          local.set $answer
          local.get $answer
          i32.eqz
          if ;; label = @3
            local.get $letter
            call $misbehave
          end
          local.get $out
          i32.const 8
          local.get $at
          i32.const 20
          i32.mul
          i32.add
          i32.add
          local.get $answer
          i32.const 20
          memory.copy
          local.get $at
          i32.const 1
          i32.add
          local.set $at
          br $next
        end
      end
      local.get $out
      local.get $out
      i32.const 8
      i32.add
      i32.store
      local.get $out
      local.get $count
      global.get $less
      i32.sub
      i32.store offset=4
      local.get $out
    )
    (data (;0;) (i32.const 16) "the last words")
    (data (;1;) (i32.const 1024) "\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00h\11\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00")
    (data (;2;) (i32.const 4096) "{\22name\22:\22zoo\22,\22version\22:\221.2.3\22,\22facts\22:\220\22,\22rules\22:[{\22id\22:\22zoo/a/good\22,\22title\22:\22Something is wrong\22,\22description\22:\22Looks for what is wrong.\22,\22severity\22:\22medium\22,\22levels\22:{\22minor\22:\22low\22},\22kinds\22:[\22dockerfile\22],\22subjects\22:[\22image\22],\22profiles\22:[\22baseline\22],\22remedy\22:\22Put it right.\22}]}\00\00\00\10\00\00\1a\01\00\00wrong\00\00\00\01\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00$\11\00\00\05\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00\00,\11\00\00\01\00\00\00h\11\00\00\00\00\00\00")
    (@producers
      (processed-by "wit-component" "0.254.2")
    )
  )
  (core module $wit-component-shim-module (;1;)
    (type (;0;) (func (param i32 i32 i32)))
    (table (;0;) 1 1 funcref)
    (export "0" (func 0))
    (export "$imports" (table 0))
    (func (;0;) (type 0) (param i32 i32 i32)
      local.get 0
      local.get 1
      local.get 2
      i32.const 0
      call_indirect (type 0)
    )
    (@producers
      (processed-by "wit-component" "0.254.2")
    )
  )
  (core module $wit-component-fixup (;2;)
    (type (;0;) (func (param i32 i32 i32)))
    (import "" "0" (func (;0;) (type 0)))
    (import "" "$imports" (table (;0;) 1 1 funcref))
    (elem (;0;) (i32.const 0) func 0)
    (@producers
      (processed-by "wit-component" "0.254.2")
    )
  )
  (core instance $wit-component-shim-instance (;0;) (instantiate $wit-component-shim-module))
  (alias core export $wit-component-shim-instance "0" (core func $indirect-$root-log (;0;)))
  (core instance $$root (;1;)
    (export "log" (func $indirect-$root-log))
  )
  (core instance $main (;2;) (instantiate $main
      (with "$root" (instance $$root))
    )
  )
  (alias core export $main "memory" (core memory $memory (;0;)))
  (alias core export $wit-component-shim-instance "$imports" (core table $"shim table" (;0;)))
  (alias core export $main "cabi_realloc" (core func $realloc (;1;)))
  (core func $"#core-func2 indirect-$root-log" (@name "indirect-$root-log") (;2;) (canon lower (func $log) (memory $memory) string-encoding=utf8))
  (core instance $fixup-args (;3;)
    (export "$imports" (table $"shim table"))
    (export "0" (func $"#core-func2 indirect-$root-log"))
  )
  (core instance $fixup (;4;) (instantiate $wit-component-fixup
      (with "" (instance $fixup-args))
    )
  )
  (type (;8;) (func (result string)))
  (alias core export $main "describe" (core func $describe (;3;)))
  (func $describe (;1;) (type 8) (canon lift (core func $describe) (memory $memory) string-encoding=utf8))
  (export $"#func2 describe" (@name "describe") (;2;) "describe" (func $describe))
  (type (;9;) (list $"#type4 wanted"))
  (type (;10;) (result $"#type6 verdict" (error string)))
  (type (;11;) (list 10))
  (type (;12;) (func (param "facts" string) (param "rules" 9) (result 11)))
  (alias core export $main "check" (core func $check (;4;)))
  (func $check (;3;) (type 12) (canon lift (core func $check) (memory $memory) (realloc $realloc) string-encoding=utf8))
  (export $"#func4 check" (@name "check") (;4;) "check" (func $check))
  (@producers
    (processed-by "wit-component" "0.254.2")
  )
)
